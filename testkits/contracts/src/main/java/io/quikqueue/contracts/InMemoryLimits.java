package io.quikqueue.contracts;

import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.Pause;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Limits in plain collections, for tests. */
public final class InMemoryLimits implements LimitStore {

  private final Map<LimitKey, LimitEntry> set = new HashMap<>();
  private final Map<LimitKey, LimitEntry> declared = new HashMap<>();
  private Map<String, Set<String>> pausedGroups = Map.of();
  private long version;

  /** Notes the groups among these that are paused. */
  synchronized void pausedGroups(List<Pause> pauses) {
    Map<String, Set<String>> groups = new HashMap<>();
    for (Pause pause : pauses) {
      String queue = pause.key().queue();
      if (queue != null) {
        groups.computeIfAbsent(queue, _ -> new HashSet<>()).add(pause.name());
      }
    }
    pausedGroups = groups;
    version++;
  }

  @Override
  public synchronized LimitTable table(LimitTable known) {
    if (known.version() == version) {
      return known;
    }
    Map<LimitKey, LimitEntry> inForce = new HashMap<>(declared);
    inForce.putAll(set);
    Map<String, Limits> queues = new HashMap<>();
    Map<String, Limits> types = new HashMap<>();
    inForce.forEach(
        (key, entry) -> {
          if (!entry.limits().equals(Limits.NONE)) {
            (key.kind() == LimitKey.Kind.QUEUE ? queues : types).put(key.name(), entry.limits());
          }
        });
    return new LimitTable(version, queues, types, pausedGroups);
  }

  @Override
  public synchronized Optional<LimitEntry> find(LimitKey key) {
    return Optional.ofNullable(inForce(key));
  }

  private @Nullable LimitEntry inForce(LimitKey key) {
    return set.getOrDefault(key, declared.get(key));
  }

  @Override
  public synchronized PutResult put(
      LimitKey key, Limits limits, String by, Instant at, Precondition precondition) {
    if (!precondition.holds(inForce(key))) {
      return new PutResult.Mismatch();
    }
    Map<LimitKey, LimitEntry> after = new HashMap<>(set);
    LimitEntry entry = new LimitEntry(key, limits, false, version + 1, by, at);
    after.put(key, entry);
    if (after.size() > MOST) {
      return new PutResult.Full("there are %d with limits already".formatted(MOST));
    }
    if (after.values().stream().mapToInt(each -> each.limits().weights().size()).sum()
        > MOST_WEIGHTS) {
      return new PutResult.Full("there are %d weights in all already".formatted(MOST_WEIGHTS));
    }
    boolean created = inForce(key) == null;
    set.put(key, entry);
    version++;
    return new PutResult.Done(entry, created);
  }

  @Override
  public synchronized DeleteResult delete(LimitKey key, Precondition precondition) {
    LimitEntry now = set.get(key);
    if (now == null) {
      return DeleteResult.NONE;
    }
    if (!precondition.holds(now)) {
      return DeleteResult.MISMATCH;
    }
    set.remove(key);
    version++;
    return DeleteResult.DONE;
  }

  @Override
  public synchronized void declare(Map<LimitKey, Limits> wanted, String by, Instant at) {
    Map<LimitKey, LimitEntry> after = new HashMap<>();
    wanted.forEach(
        (key, limits) -> {
          LimitEntry before = declared.get(key);
          boolean same = before != null && before.limits().equals(limits);
          after.put(key, same ? before : new LimitEntry(key, limits, true, version + 1, by, at));
        });
    if (!after.equals(declared)) {
      declared.clear();
      declared.putAll(after);
      version++;
    }
  }
}
