package io.quikqueue.domain.usecase;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * So many values at most: of more, that which was asked for longest ago is forgotten. Safe for use
 * by several threads.
 */
public final class RecentlyUsed<K, V> {

  private final Map<K, V> values; // guarded by itself

  /**
   * @param most how many, one at least
   */
  public RecentlyUsed(int most) {
    this.values =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * The value of a key.
   *
   * @param make makes one at once where there is none; others wait meanwhile
   */
  public V get(K key, Function<K, V> make) {
    synchronized (values) {
      return values.computeIfAbsent(key, make);
    }
  }
}
