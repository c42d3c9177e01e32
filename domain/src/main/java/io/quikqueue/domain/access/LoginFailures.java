package io.quikqueue.domain.access;

import java.time.Duration;
import java.time.Instant;

/**
 * How often signing in failed in a row, by one account or from one address.
 *
 * @param count of attempts that failed or have not ended
 * @param until before that time nobody may try
 * @param lastAt when somebody tried last; each bound forgives some meanwhile, and after a day all
 *     is forgotten
 */
public record LoginFailures(int count, Instant until, Instant lastAt) {

  /** How long failures count. */
  public static final Duration KEPT = Duration.ofDays(1);

  public static final LoginFailures NONE = new LoginFailures(0, Instant.EPOCH, Instant.EPOCH);

  private static final int MOST = 1_000_000;
  private static final int LONGEST_SHIFT = 20;

  /**
   * How long callers have to wait: not at all for so many failures, then a second, then twice as
   * long each time.
   */
  public enum Bound {
    ACCOUNT(5, Duration.ofMinutes(15), Duration.ofHours(1)),
    ADDRESS(50, Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final int free;
    private final Duration longest;
    private final Duration forgives;

    /**
     * @param forgives after so long without an attempt there is one failure fewer
     */
    Bound(int free, Duration longest, Duration forgives) {
      this.free = free;
      this.longest = longest;
      this.forgives = forgives;
    }

    private int left(int count, Duration quiet) {
      return (int) Math.max(0, count - Math.max(0, quiet.dividedBy(forgives)));
    }

    private Duration delay(int count) {
      if (count < free) {
        return Duration.ZERO;
      }
      Duration delay = Duration.ofSeconds(1L << Math.min(count - free, LONGEST_SHIFT));
      return delay.compareTo(longest) > 0 ? longest : delay;
    }
  }

  /** How long to wait from now on; zero = somebody may try. */
  public Duration wait(Instant now) {
    return now.isBefore(until) && !isForgotten(now) ? Duration.between(now, until) : Duration.ZERO;
  }

  private boolean isForgotten(Instant now) {
    return now.isAfter(lastAt.plus(KEPT));
  }

  /** An attempt is counted as failed as it begins, so that many at once are not one. */
  public LoginFailures tried(Bound bound, Instant now) {
    int left = isForgotten(now) ? 0 : bound.left(count, Duration.between(lastAt, now));
    int failed = Math.min(MOST, left + 1);
    return new LoginFailures(failed, now.plus(bound.delay(failed)), now);
  }

  /** An attempt did not fail, as was thought. */
  public LoginFailures takenBack() {
    return count <= 1 ? NONE : new LoginFailures(count - 1, until, lastAt);
  }
}
