package io.quikqueue.domain.job;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long a job is tried. Durations are cut to milliseconds.
 *
 * @param maxAttempts failed attempts before the job is given up, 1 to 1000
 * @param backoff the wait after the first failure; doubles with each further one
 * @param backoffCap the longest wait between attempts
 * @param maxElapsed no further attempt later than this after the job was first due; null = no limit
 * @param timeout how long one attempt may run, 1 ms to 24 h
 * @param maxCrashes workers lost before the job is given up, 1 to {@value #MOST_CRASHES}
 */
public record Policy(
    int maxAttempts,
    Duration backoff,
    Duration backoffCap,
    @Nullable Duration maxElapsed,
    Duration timeout,
    int maxCrashes) {

  /** The highest {@code maxCrashes}: each takes a worker with all that runs there. */
  public static final int MOST_CRASHES = 5;

  private static final Duration YEAR = Duration.ofDays(366);
  private static final Duration DAY = Duration.ofHours(24);

  /** Five attempts, half a second doubling up to ten minutes, 60 s an attempt, three crashes. */
  public static final Policy DEFAULT =
      new Policy(
          5, Duration.ofMillis(500), Duration.ofMinutes(10), null, Duration.ofSeconds(60), 3);

  public Policy {
    backoff = backoff.truncatedTo(ChronoUnit.MILLIS);
    backoffCap = backoffCap.truncatedTo(ChronoUnit.MILLIS);
    maxElapsed = maxElapsed == null ? null : maxElapsed.truncatedTo(ChronoUnit.MILLIS);
    timeout = timeout.truncatedTo(ChronoUnit.MILLIS);
    require(
        maxAttempts >= 1 && maxAttempts <= 1000, "retry.max_attempts", "must be from 1 to 1000");
    require(within(backoff, Duration.ZERO, YEAR), "retry.backoff", "must be from 0 to 366 days");
    require(
        within(backoffCap, backoff, YEAR),
        "retry.backoff_cap",
        "must be from retry.backoff to 366 days");
    require(
        maxElapsed == null || within(maxElapsed, Duration.ZERO, YEAR),
        "retry.max_elapsed",
        "must be from 0 to 366 days");
    require(within(timeout, Duration.ofMillis(1), DAY), "timeout", "must be from 1 ms to 24 hours");
    require(
        maxCrashes >= 1 && maxCrashes <= MOST_CRASHES,
        "retry.max_crashes",
        "must be from 1 to " + MOST_CRASHES);
  }

  /**
   * The wait before the next attempt: exponential with equal jitter, that is half of the full wait
   * and a random share of the other half.
   *
   * @param failures failed attempts so far, at least 1
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public Duration backoffAfter(int failures, double random) {
    long base = backoff.toMillis();
    long cap = backoffCap.toMillis();
    int doublings = Math.min(failures - 1, 40);
    long full = base > (cap >> doublings) ? cap : base << doublings;
    return Duration.ofMillis(full / 2 + Math.round((full - full / 2) * random));
  }

  private static boolean within(Duration value, Duration least, Duration most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  private static void require(boolean holds, String field, String problem) {
    if (!holds) {
      throw new InvalidFieldException(field, problem);
    }
  }
}
