package io.quikqueue.contracts;

import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.policy.PolicyEntry;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.PolicyStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Policies in plain collections, for tests. */
public final class InMemoryPolicies implements PolicyStore {

  private final Map<LimitKey, PolicyEntry> set = new HashMap<>();
  private final Map<LimitKey, PolicyEntry> declared = new HashMap<>();
  private long version;

  @Override
  public synchronized PolicyTable table(PolicyTable known) {
    if (known.version() == version) {
      return known;
    }
    Map<LimitKey, PolicyEntry> inForce = new HashMap<>(declared);
    inForce.putAll(set);
    Map<String, PolicyOptions> types = new HashMap<>();
    Map<String, PolicyOptions> queues = new HashMap<>();
    inForce.forEach(
        (key, entry) ->
            (key.kind() == LimitKey.Kind.TYPE ? types : queues).put(key.name(), entry.policy()));
    return new PolicyTable(version, types, queues);
  }

  @Override
  public synchronized Optional<PolicyEntry> find(LimitKey key) {
    return Optional.ofNullable(inForce(key));
  }

  private @Nullable PolicyEntry inForce(LimitKey key) {
    return set.getOrDefault(key, declared.get(key));
  }

  @Override
  public synchronized PutResult put(
      LimitKey key,
      PolicyOptions policy,
      String by,
      Instant at,
      Predicate<@Nullable PolicyEntry> precondition) {
    if (!precondition.test(inForce(key))) {
      return new PutResult.Mismatch();
    }
    if (set.size() >= MOST && !set.containsKey(key)) {
      return new PutResult.Full();
    }
    boolean created = inForce(key) == null;
    PolicyEntry entry = new PolicyEntry(key, policy, false, ++version, by, at);
    set.put(key, entry);
    return new PutResult.Done(entry, created);
  }

  @Override
  public synchronized DeleteResult delete(
      LimitKey key, Predicate<@Nullable PolicyEntry> precondition) {
    PolicyEntry now = set.get(key);
    if (now == null) {
      return DeleteResult.NONE;
    }
    if (!precondition.test(now)) {
      return DeleteResult.MISMATCH;
    }
    set.remove(key);
    version++;
    return DeleteResult.DONE;
  }

  @Override
  public synchronized void declare(Map<LimitKey, PolicyOptions> wanted, String by, Instant at) {
    Map<LimitKey, PolicyEntry> after = new HashMap<>();
    wanted.forEach(
        (key, policy) -> {
          PolicyEntry before = declared.get(key);
          boolean same = before != null && before.policy().equals(policy);
          after.put(key, same ? before : new PolicyEntry(key, policy, true, version + 1, by, at));
        });
    if (!after.equals(declared)) {
      declared.clear();
      declared.putAll(after);
      version++;
    }
  }
}
