package io.quikqueue.domain.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * All limits and paused groups as they were at one moment.
 *
 * @param version grows with each change; 0 = there never was a limit
 * @param queues by queue; those without limits are absent
 * @param types by type; those without limits are absent
 * @param pausedGroups by queue the groups of which no job starts
 */
public record LimitTable(
    long version,
    Map<String, Limits> queues,
    Map<String, Limits> types,
    Map<String, Set<String>> pausedGroups) {

  /** There never was a limit. */
  public static final LimitTable EMPTY = new LimitTable(0, Map.of(), Map.of());

  public LimitTable {
    queues = Map.copyOf(queues);
    types = Map.copyOf(types);
    Map<String, Set<String>> groups = HashMap.newHashMap(pausedGroups.size());
    pausedGroups.forEach((queue, paused) -> groups.put(queue, Set.copyOf(paused)));
    pausedGroups = Map.copyOf(groups);
  }

  /** Limits while no group is paused. */
  public LimitTable(long version, Map<String, Limits> queues, Map<String, Limits> types) {
    this(version, queues, types, Map.of());
  }

  /** Whether nothing is held back. */
  public boolean isEmpty() {
    return queues.isEmpty() && types.isEmpty() && pausedGroups.isEmpty();
  }

  /** The limits of a queue. */
  public Limits ofQueue(String queue) {
    return queues.getOrDefault(queue, Limits.NONE);
  }

  /** The limits of a type. */
  public Limits ofType(String type) {
    return types.getOrDefault(type, Limits.NONE);
  }

  /** Whether a group of the queue may be held back, so that only a window of it is kept ready. */
  public boolean hasWindows(String queue) {
    return ofQueue(queue).isByGroup() || pausedGroups.containsKey(queue);
  }

  /** Whether this group may be. */
  public boolean hasWindow(String queue, String group) {
    return ofQueue(queue).isByGroup() || isPaused(queue, group);
  }

  /** Whether no job of the group starts. */
  public boolean isPaused(String queue, String group) {
    return pausedGroups.getOrDefault(queue, Set.of()).contains(group);
  }
}
