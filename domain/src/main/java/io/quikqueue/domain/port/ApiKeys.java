package io.quikqueue.domain.port;

import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The keys of programs. All methods throw {@link UnavailableException} when the store cannot be
 * reached.
 */
public interface ApiKeys {

  /** How many keys there can be that are not revoked. */
  int MOST = 1_000;

  /** How long a revoked key is shown. */
  Duration KEPT = Duration.ofDays(30);

  /**
   * All keys that are not revoked; when nothing changed, the table that is known.
   *
   * @param known what a call before answered, or {@link KeyTable#EMPTY}
   */
  KeyTable table(KeyTable known);

  /**
   * Stores a new key, and forgets those that were revoked long before it was created. A key that is
   * stored already, by a call whose answer was lost, stays as it is.
   *
   * @return false = there are {@link #MOST} already
   */
  boolean create(ApiKey key);

  Optional<ApiKey> find(String id);

  /**
   * Keys in the order of their ids.
   *
   * @param after those behind this id; null = from the first
   */
  List<ApiKey> list(@Nullable String after, int limit);

  /** Changes a key as a whole: changes of one key come one after another. Empty = unknown. */
  Optional<ApiKey> change(String id, UnaryOperator<ApiKey> change);

  /** Notes when keys were used last, by their ids; a time that is not later changes nothing. */
  void used(Map<String, Instant> lastUses);
}
