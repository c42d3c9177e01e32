package io.quikqueue.domain.batch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps batches that cost about the same however large they are from following one another too
 * fast, so that they fill up: they begin at least an interval apart. A batch that was recorded to
 * have had one item is followed by one that does not wait: its items come one by one. For one
 * thread at a time.
 */
public final class BatchPacer {

  private final long minInterval;
  private final boolean strict;
  private long last;
  private boolean lastHadOne;

  public BatchPacer(Duration minInterval) {
    this(minInterval, false);
  }

  private BatchPacer(Duration minInterval, boolean strict) {
    this.minInterval = minInterval.toNanos();
    this.strict = strict;
    this.last = System.nanoTime() - this.minInterval;
  }

  /** A pacer that has each batch wait, also after one of one item. */
  public static BatchPacer strict(Duration minInterval) {
    return new BatchPacer(minInterval, true);
  }

  /**
   * Waits until the next batch may begin, or this thread is interrupted.
   *
   * @param enough whether there is enough for a batch now: asked at the beginning, and whenever
   *     this thread is unparked
   */
  public void await(BooleanSupplier enough) {
    long left = lastHadOne ? 0 : minInterval - (System.nanoTime() - last);
    while (left > 0 && !enough.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = minInterval - (System.nanoTime() - last);
    }
    last = System.nanoTime();
    lastHadOne = false;
  }

  /** Says how many items the batch that has begun has. */
  public void recordBatchSize(int items) {
    lastHadOne = items == 1 && !strict;
  }
}
