package io.quikqueue.contracts;

import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyTable;
import io.quikqueue.domain.port.ApiKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys in a plain collection, for tests. */
public final class InMemoryApiKeys implements ApiKeys {

  private final TreeMap<String, ApiKey> keys = new TreeMap<>();
  private long version;

  @Override
  public synchronized KeyTable table(KeyTable known) {
    return known.version() == version
        ? known
        : new KeyTable(
            version,
            keys.values().stream()
                .filter(key -> key.revokedAt() == null)
                .collect(Collectors.toMap(ApiKey::id, key -> key)));
  }

  @Override
  public synchronized boolean create(ApiKey key) {
    keys.values()
        .removeIf(
            each ->
                each.revokedAt() != null && each.revokedAt().isBefore(key.createdAt().minus(KEPT)));
    if (keys.containsKey(key.id())) {
      return true;
    }
    if (keys.values().stream().filter(each -> each.revokedAt() == null).count() >= MOST) {
      return false;
    }
    keys.put(key.id(), key);
    version++;
    return true;
  }

  @Override
  public synchronized Optional<ApiKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public synchronized List<ApiKey> list(@Nullable String after, int limit) {
    return (after == null ? keys : keys.tailMap(after, false))
        .values().stream().limit(limit).toList();
  }

  @Override
  public synchronized Optional<ApiKey> change(String id, UnaryOperator<ApiKey> change) {
    ApiKey after = keys.computeIfPresent(id, (_, key) -> change.apply(key));
    version++;
    return Optional.ofNullable(after);
  }

  @Override
  public synchronized void used(Map<String, Instant> lastUses) {
    lastUses.forEach(
        (id, at) ->
            keys.computeIfPresent(
                id,
                (_, key) ->
                    key.usedAt() == null || key.usedAt().isBefore(at) ? key.used(at) : key));
  }
}
