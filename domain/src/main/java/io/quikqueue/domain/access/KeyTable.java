package io.quikqueue.domain.access;

import java.util.Map;

/**
 * All keys that are not revoked.
 *
 * @param version of the store's settings as this was read
 * @param keys by id
 */
public record KeyTable(long version, Map<String, ApiKey> keys) {

  public static final KeyTable EMPTY = new KeyTable(-1, Map.of());

  public KeyTable {
    keys = Map.copyOf(keys);
  }
}
