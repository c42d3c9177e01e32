package io.quikqueue.domain.access;

import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.limit.TokenBucket;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How many jobs a rate leaves, the burst at first. Safe for use by several threads. */
public final class RateQuota {

  private static final int MOST_PER_SECOND = 100_000;

  private final LongSupplier nanos;
  private final TokenBucket bucket = new TokenBucket();
  private volatile Rate rate; // written under the lock

  /**
   * @param nanos monotonic time
   */
  public RateQuota(Rate rate, LongSupplier nanos) {
    this.rate = rate;
    this.nanos = nanos;
  }

  /** Goes on at this rate, and leaves no more than before. */
  public void change(Rate to) {
    if (!to.equals(rate)) {
      synchronized (this) {
        bucket.changeKeeping(rate, to, nanos.getAsLong());
        rate = to;
      }
    }
  }

  /** How many jobs come in a second, one at least. */
  int perSecond() {
    Rate now = rate;
    return (int) Math.clamp(1000L * now.tokens() / now.per().toMillis(), 1, MOST_PER_SECOND);
  }

  /**
   * Takes jobs: all of them, or none.
   *
   * @throws QuotaExceededException when there are not so many now
   */
  synchronized void take(int jobs) {
    long now = nanos.getAsLong();
    if (jobs > rate.burst()) {
      throw QuotaExceededException.never(rate, jobs);
    }
    long wait = bucket.wait(rate, jobs, now);
    if (wait > 0) {
      throw QuotaExceededException.forNow(
          rate, jobs, bucket.left(rate, now), Duration.ofNanos(wait));
    }
    bucket.take(rate, jobs, now);
  }
}
