package io.quikqueue.domain.limit;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The destinations that asked to be called later, and when they are open again. All times are
 * monotonic nanoseconds. Of too many at once those are forgotten that are open first. Not safe for
 * use by several threads.
 */
public final class Closings {

  private final int most;
  private final Map<Destination, Long> ends = new HashMap<>();

  /**
   * @param most destinations that are closed at once
   */
  public Closings(int most) {
    this.most = most;
  }

  public boolean isEmpty() {
    return ends.isEmpty();
  }

  /** Closes a destination; of two closings the one that ends later counts. */
  public void close(Destination destination, long until, long now) {
    expire(now);
    ends.merge(destination, until, (one, other) -> one - other < 0 ? other : one);
    if (ends.size() > most) {
      ends.entrySet().stream()
          .min(Comparator.comparingLong(each -> each.getValue() - now))
          .ifPresent(first -> ends.remove(first.getKey()));
    }
  }

  /** For how long a destination is closed; 0 = it is open. */
  public long waitOf(Destination destination, long now) {
    Long end = ends.get(destination);
    if (end == null) {
      return 0;
    }
    if (end - now <= 0) {
      ends.remove(destination);
      return 0;
    }
    return end - now;
  }

  /** Forgets those that are open again. */
  public void expire(long now) {
    ends.values().removeIf(end -> end - now <= 0);
  }

  /** For how long each that is closed is. */
  public Map<Destination, Long> all(long now) {
    expire(now);
    Map<Destination, Long> waits = HashMap.newHashMap(ends.size());
    ends.forEach((destination, end) -> waits.put(destination, end - now));
    return waits;
  }
}
