package io.quikqueue.domain.limit;

import java.math.BigInteger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a {@link Rate}, all of them at first. How many are missing is kept exactly: no
 * rounding adds up, and a burst is there as a whole. All times are monotonic nanoseconds. Not safe
 * for use by several threads.
 */
public final class TokenBucket {

  /** A wait of 73 years, which can be added to any time, stands for all that are longer. */
  private static final long FAR = Long.MAX_VALUE / 4;

  private static final long MOST_MISSING = 1L << 40;

  private long missing;

  /** What is missing besides: a token has as many parts as its period has nanoseconds. */
  private long parts;

  private long at;

  /**
   * How long until there are so many tokens, or all there can be when that is less; 0 = they are
   * there.
   */
  public long wait(Rate rate, int tokens, long now) {
    fill(rate, now);
    long over = missing + Math.min(tokens, rate.burst()) - rate.burst();
    return over < 0 ? 0 : nanos(rate, over, parts);
  }

  /** Takes tokens, whether they are there or not. */
  public void take(Rate rate, int tokens, long now) {
    fill(rate, now);
    missing = Math.min(MOST_MISSING, missing + tokens);
  }

  /** How many whole tokens there are. */
  public int left(Rate rate, long now) {
    fill(rate, now);
    return (int) Math.max(0, rate.burst() - missing - (parts > 0 ? 1 : 0));
  }

  /** Whether none is missing. */
  public boolean isFull(Rate rate, long now) {
    fill(rate, now);
    return missing == 0 && parts == 0;
  }

  /**
   * Goes on at another rate, with as many tokens less than there can be as before.
   *
   * @param before null = there was none, and the bucket is full
   * @param after null = there is none
   */
  public void change(@Nullable Rate before, @Nullable Rate after, long now) {
    if (before == null || after == null) {
      missing = 0;
      parts = 0;
    } else {
      fill(before, now);
      parts = scaled(parts, after.per(), before.per());
      if (parts == after.per().toNanos()) {
        missing++;
        parts = 0;
      }
    }
  }

  /** Goes on at another rate, with no more tokens than before. */
  public void changeKeeping(Rate before, Rate after, long now) {
    change(before, after, now);
    missing += after.burst() - before.burst();
    if (missing < 0) {
      missing = 0;
      parts = 0;
    }
  }

  private void fill(Rate rate, long now) {
    long passed = now - at;
    if (missing == 0 && parts == 0) {
      at = now;
    } else if (passed > 0) {
      at = now;
      if (passed >= nanos(rate, missing, parts)) {
        missing = 0;
        parts = 0;
      } else {
        come(rate, passed);
      }
    }
  }

  /** Adds what comes in a time that does not fill the bucket. */
  private void come(Rate rate, long passed) {
    long per = rate.per().toNanos();
    long rest = passed % per;
    missing -= passed / per * rate.tokens();
    if (Math.multiplyHigh(rest, rate.tokens()) == 0 && rest * rate.tokens() >= 0) {
      missing -= rest * rate.tokens() / per;
      parts -= rest * rate.tokens() % per;
    } else {
      BigInteger[] came =
          BigInteger.valueOf(rest)
              .multiply(BigInteger.valueOf(rate.tokens()))
              .divideAndRemainder(BigInteger.valueOf(per));
      missing -= came[0].longValueExact();
      parts -= came[1].longValueExact();
    }
    if (parts < 0) {
      missing--;
      parts += per;
    }
  }

  /** In how long so many tokens and parts of one come, rounded up. */
  private static long nanos(Rate rate, long tokens, long parts) {
    long per = rate.per().toNanos();
    long each = per / rate.tokens();
    if (Math.multiplyHigh(tokens, each) != 0 || tokens * each < 0 || tokens * each > FAR) {
      return FAR;
    }
    return tokens * each + Math.ceilDiv(tokens * (per % rate.tokens()) + parts, rate.tokens());
  }

  private static long scaled(long parts, Duration to, Duration from) {
    BigInteger[] exact =
        BigInteger.valueOf(parts)
            .multiply(BigInteger.valueOf(to.toNanos()))
            .divideAndRemainder(BigInteger.valueOf(from.toNanos()));
    return exact[0].longValueExact() + exact[1].signum();
  }
}
