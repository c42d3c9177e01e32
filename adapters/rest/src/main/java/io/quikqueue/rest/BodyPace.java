package io.quikqueue.rest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Keeps a body from coming too slowly and from being read too fast. A client that sends a byte now
 * and then never meets the idle timeout, and would keep its buffers here for as long as it likes. A
 * virtual thread whose bytes are all there already would keep its carrier, of which there are as
 * few as cores, until the body ends. For one body, and one thread.
 */
final class BodyPace {

  /** The server may have stood still itself. */
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

  private static final long LEAST_PER_SECOND = 1 << 10;

  /** What is read and parsed in a millisecond or less. */
  private static final int BYTES_A_TURN = 64 << 10;

  private final LongSupplier nanos;
  private long windowStart;
  private long bytes;
  private int bytesThisTurn;

  BodyPace() {
    this(System::nanoTime);
  }

  /**
   * @param nanos monotonic time
   */
  BodyPace(LongSupplier nanos) {
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

  /**
   * Gives way to other requests when many bytes have been read since the last time. A yield would
   * not do: carriers turn to threads that came from elsewhere only when their own have parked.
   */
  void giveWay(int more) {
    bytesThisTurn += more;
    if (bytesThisTurn >= BYTES_A_TURN) {
      bytesThisTurn = 0;
      LockSupport.parkNanos(1);
    }
  }
}
