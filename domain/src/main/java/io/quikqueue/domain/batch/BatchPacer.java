package io.quikqueue.domain.batch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The pace of a loop whose rounds cost about the same however much they do: rounds that follow one
 * another begin at least this far apart, so that more company gathers for each. A round that was
 * said to have had one item is followed by one that does not wait: its items come one by one. For
 * one thread at a time.
 */
public final class Pace {

  private final long apart;
  private long last;
  private boolean lone;

  public Pace(Duration apart) {
    this.apart = apart.toNanos();
    this.last = System.nanoTime() - this.apart;
  }

  /**
   * Waits until the next round may begin, or this thread is interrupted.
   *
   * @param enough whether there is enough for a round now: asked at the beginning, and whenever
   *     this thread is unparked
   */
  public void await(BooleanSupplier enough) {
    long left = lone ? 0 : apart - (System.nanoTime() - last);
    while (left > 0 && !enough.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = apart - (System.nanoTime() - last);
    }
    last = System.nanoTime();
    lone = false;
  }

  /** Says how many items the round that has begun has. */
  public void took(int items) {
    lone = items == 1;
  }
}
