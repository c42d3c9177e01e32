package io.quikqueue.domain.limit;

import java.util.Map;

/**
 * All limits as they were at one moment.
 *
 * @param version grows with each change; 0 = there never was a limit
 * @param queues by queue; those without limits are absent
 * @param types by type; those without limits are absent
 */
public record LimitTable(long version, Map<String, Limits> queues, Map<String, Limits> types) {

  /** There never was a limit. */
  public static final LimitTable EMPTY = new LimitTable(0, Map.of(), Map.of());

  public LimitTable {
    queues = Map.copyOf(queues);
    types = Map.copyOf(types);
  }

  /** The limits of a queue. */
  public Limits ofQueue(String queue) {
    return queues.getOrDefault(queue, Limits.NONE);
  }

  /** The limits of a type. */
  public Limits ofType(String type) {
    return types.getOrDefault(type, Limits.NONE);
  }
}
