package io.quikqueue.domain.batch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The pace of a loop whose rounds cost about the same however much they do: rounds that follow one
 * another begin at least this far apart, so that more company gathers for each. One that comes
 * alone does not wait. For one thread.
 */
public final class Pace {

  private final long apart;
  private long last;

  public Pace(Duration apart) {
    this.apart = apart.toNanos();
    this.last = System.nanoTime() - this.apart;
  }

  /** Waits until the next round may begin, or this thread is interrupted. */
  public void await() {
    long left = apart - (System.nanoTime() - last);
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = apart - (System.nanoTime() - last);
    }
    last = System.nanoTime();
  }
}
