package io.quikqueue.rest;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells when a body comes too slowly: a client that sends a byte now and then never meets the idle
 * timeout, and would keep its buffers here for as long as it likes. For one body, and one thread.
 */
final class MinimumBodyRate {

  /** The server may have stood still itself. */
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

  private static final long LEAST_PER_SECOND = 1 << 10;

  private final LongSupplier nanos;
  private long windowStart;
  private long bytes;

  MinimumBodyRate() {
    this(System::nanoTime);
  }

  /**
   * @param nanos monotonic time
   */
  MinimumBodyRate(LongSupplier nanos) {
    this.nanos = nanos;
    this.windowStart = nanos.getAsLong();
  }

  /** Whether it is too slow, now that these have come: over half a minute, whatever came before. */
  boolean tooSlow(int more) {
    bytes += more;
    long now = nanos.getAsLong();
    long taken = now - windowStart;
    if (taken <= WINDOW) {
      return false;
    }
    boolean isTooSlow = bytes / LEAST_PER_SECOND < TimeUnit.NANOSECONDS.toSeconds(taken);
    windowStart = now;
    bytes = 0;
    return isTooSlow;
  }
}
