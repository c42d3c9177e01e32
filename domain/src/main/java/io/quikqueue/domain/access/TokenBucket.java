package io.quikqueue.domain.access;

import io.quikqueue.domain.limit.Rate;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The tokens of a rate, full at first. Safe for use by several threads. */
public final class TokenBucket {

  private static final int MOST_PER_SECOND = 100_000;

  private final LongSupplier nanos;
  private final Rate rate;
  private double tokens;
  private long filledAt;

  /**
   * @param nanos monotonic time
   */
  public TokenBucket(Rate rate, LongSupplier nanos) {
    this(rate, nanos, rate.burst());
  }

  private TokenBucket(Rate rate, LongSupplier nanos, double tokens) {
    this.nanos = nanos;
    this.rate = rate;
    this.tokens = Math.min(tokens, rate.burst());
    this.filledAt = nanos.getAsLong();
  }

  /** One with this rate, which has no more tokens than this has; this when it is the same. */
  public TokenBucket with(Rate other) {
    return other.equals(rate) ? this : new TokenBucket(other, nanos, left());
  }

  /** How many tokens come in a second, one at least. */
  int perSecond() {
    long millis = rate.per().toMillis();
    return (int) Math.clamp(1000L * rate.tokens() / millis, 1, MOST_PER_SECOND);
  }

  private synchronized double left() {
    fill();
    return tokens;
  }

  private void fill() {
    long now = nanos.getAsLong();
    double came = (double) (now - filledAt) * rate.tokens() / rate.per().toNanos();
    tokens = Math.min(rate.burst(), tokens + came);
    filledAt = now;
  }

  /**
   * Takes tokens: all of them, or none.
   *
   * @throws QuotaExceededException when there are not so many now
   */
  synchronized void take(int asked) {
    fill();
    if (asked > tokens) {
      double missing = asked - tokens;
      throw asked > rate.burst()
          ? QuotaExceededException.never(rate, asked)
          : QuotaExceededException.forNow(
              rate,
              asked,
              (int) tokens,
              Duration.ofNanos((long) Math.ceil(missing * rate.per().toNanos() / rate.tokens())));
    }
    tokens -= asked;
  }
}
