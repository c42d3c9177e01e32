package io.quikqueue.domain.access;

import io.quikqueue.domain.limit.MaxWaiting;
import org.jspecify.annotations.Nullable;

/**
 * What is left of the quota of a caller: whatever makes jobs for a caller takes from it first. Safe
 * for use by several threads.
 */
public final class Allowance {

  /** Of a caller without a quota. */
  public static final Allowance ANY = new Allowance(null, null);

  private final @Nullable RateQuota rate;
  private final MaxWaiting.@Nullable OfOwner waiting;

  private Allowance(@Nullable RateQuota rate, MaxWaiting.@Nullable OfOwner waiting) {
    this.rate = rate;
    this.waiting = waiting;
  }

  /**
   * What there is.
   *
   * @param rate which all requests of the caller share; null = without a rate
   * @param owner whose jobs are counted
   * @param maxWaiting null = any number
   */
  public static Allowance of(@Nullable RateQuota rate, String owner, @Nullable Integer maxWaiting) {
    return rate == null && maxWaiting == null
        ? ANY
        : new Allowance(
            rate, maxWaiting == null ? null : new MaxWaiting.OfOwner(owner, maxWaiting));
  }

  /**
   * Takes what these jobs need, for all of them or none. What is taken does not come back when the
   * jobs are not made after all.
   *
   * @throws QuotaExceededException when so many cannot be made now
   */
  public void take(int jobs) {
    if (rate != null && jobs > 0) {
      rate.take(jobs);
    }
  }

  /** How many jobs there may be in a second, 1 to 100,000; null = any number. */
  public @Nullable Integer perSecond() {
    return rate == null ? null : (Integer) rate.perSecond();
  }

  /** How many of the caller's jobs may wait; null = any number, and they are not counted. */
  public MaxWaiting.@Nullable OfOwner waiting() {
    return waiting;
  }

  /** Whom new jobs count for; null = nobody. */
  public @Nullable String owner() {
    return waiting == null ? null : waiting.owner();
  }
}
