package io.quikqueue.domain.usecase.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Bounds what each caller does in a minute. Safe for use by several threads. */
final class OwnChanges {

  /** Callers of a minute; there is no room for more. */
  private static final int MOST_CALLERS = 10_000;

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanos;
  private final Map<String, Integer> counts = new HashMap<>();
  private long end;

  OwnChanges(LongSupplier nanos) {
    this.nanos = nanos;
    this.end = nanos.getAsLong() + MINUTE;
  }

  /** One more of this caller; false = there were as many as there may be. */
  synchronized boolean tryAdd(String caller) {
    long now = nanos.getAsLong();
    if (now - end >= 0) {
      counts.clear();
      end = now + MINUTE;
    }
    if (counts.size() >= MOST_CALLERS && !counts.containsKey(caller)) {
      return false;
    }
    return counts.merge(caller, 1, (count, one) -> Math.min(count + one, Integer.MAX_VALUE - 1))
        <= AuditTrail.MOST_OWN_CHANGES;
  }
}
