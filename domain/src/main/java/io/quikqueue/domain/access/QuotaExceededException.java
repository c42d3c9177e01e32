package io.quikqueue.domain.access;

import io.quikqueue.domain.limit.Rate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown when a caller would make more jobs than the rate of its key allows. None was made. */
public final class QuotaExceededException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Rate rate;
  private final int asked;
  private final int left;
  private final @Nullable Duration retryAfter;

  private QuotaExceededException(Rate rate, int asked, int left, @Nullable Duration retryAfter) {
    super("%d jobs asked for, %d left of %s".formatted(asked, left, rate));
    this.rate = rate;
    this.asked = asked;
    this.left = left;
    this.retryAfter = retryAfter;
  }

  /** There will be enough after this wait, if nobody else takes them. */
  static QuotaExceededException forNow(Rate rate, int asked, int left, Duration retryAfter) {
    return new QuotaExceededException(rate, asked, left, retryAfter);
  }

  /** There are never so many at once. */
  static QuotaExceededException never(Rate rate, int asked) {
    return new QuotaExceededException(rate, asked, 0, null);
  }

  public Rate rate() {
    return rate;
  }

  /** How many jobs were to be made. */
  public int asked() {
    return asked;
  }

  /** How many might be made now. */
  public int left() {
    return left;
  }

  /** When to ask again; null = there are never so many at once. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
