package io.quikqueue.kafka;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices that this machine's wall clock was set back. Kafka's clients measure time by it: those
 * that were made before send no heartbeat, look for no new topic and connect to no broker again
 * until the clock is where it was, so they have to be recreated. Safe for use by several threads.
 */
final class ClockRollbackDetector {

  private static final long TOLERANCE_MILLIS = 1000;

  private final LongSupplier wallMillis;
  private final LongSupplier nanoTime;
  private long ahead;

  ClockRollbackDetector() {
    this(System::currentTimeMillis, System::nanoTime);
  }

  ClockRollbackDetector(LongSupplier wallMillis, LongSupplier nanoTime) {
    this.wallMillis = wallMillis;
    this.nanoTime = nanoTime;
    this.ahead = ahead();
  }

  /** Whether it was set back by more than a second since this was last asked. */
  synchronized boolean noticed() {
    long before = ahead;
    ahead = ahead();
    return before - ahead > TOLERANCE_MILLIS;
  }

  /** How far the wall clock is ahead of the one that never jumps. */
  private long ahead() {
    return wallMillis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }
}
