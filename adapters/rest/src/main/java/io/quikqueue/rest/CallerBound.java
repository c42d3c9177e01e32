package io.quikqueue.rest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many of something there are at once: by caller, and in all. */
final class CallerBound {

  /** What came of asking for one more. */
  enum Entry {
    ADMITTED,
    CALLER_HAS_MOST,
    ALL_HAVE_MOST
  }

  private final int most;
  private final int mostByCaller;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, Integer> byCaller = new ConcurrentHashMap<>();

  CallerBound(int most, int mostByCaller) {
    this.most = most;
    this.mostByCaller = mostByCaller;
  }

  /** One more; to be followed by {@link #leave} if admitted. */
  Entry enter(String caller) {
    if (all.incrementAndGet() > most) {
      all.decrementAndGet();
      return Entry.ALL_HAVE_MOST;
    }
    if (byCaller.merge(caller, 1, Integer::sum) > mostByCaller) {
      leave(caller);
      return Entry.CALLER_HAS_MOST;
    }
    return Entry.ADMITTED;
  }

  void leave(String caller) {
    byCaller.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    all.decrementAndGet();
  }

  /** How many there are in all. */
  int now() {
    return all.get();
  }

  int most() {
    return most;
  }

  int mostByCaller() {
    return mostByCaller;
  }
}
