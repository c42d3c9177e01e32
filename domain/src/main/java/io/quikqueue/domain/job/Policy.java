package io.quikqueue.domain.job;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long a job is tried. Durations are cut to milliseconds.
 *
 * @param maxAttempts failed attempts before the job is given up, 1 to 1000
 * @param delays how long it waits after each of them
 * @param maxElapsed no further attempt later than this after the job was first due; null = no limit
 * @param timeout how long one attempt may run, 1 ms to 24 h
 * @param maxCrashes workers lost before the job is given up, 1 to {@value #MOST_CRASHES}
 */
public record Policy(
    int maxAttempts,
    RetryDelays delays,
    @Nullable Duration maxElapsed,
    Duration timeout,
    int maxCrashes) {

  /** The highest {@code maxCrashes}: each takes a worker with all that runs there. */
  public static final int MOST_CRASHES = 5;

  private static final Duration YEAR = Duration.ofDays(366);
  private static final Duration DAY = Duration.ofHours(24);

  /** Five attempts, half a second doubling up to ten minutes, 60 s an attempt, three crashes. */
  public static final Policy DEFAULT =
      new Policy(5, RetryDelays.DEFAULT, null, Duration.ofSeconds(60), 3);

  public Policy {
    maxElapsed = maxElapsed == null ? null : maxElapsed.truncatedTo(ChronoUnit.MILLIS);
    timeout = timeout.truncatedTo(ChronoUnit.MILLIS);
    require(
        maxAttempts >= 1 && maxAttempts <= 1000, "retry.max_attempts", "must be from 1 to 1000");
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

  /** With delays that double from {@code backoff} to {@code backoffCap}. */
  public Policy(
      int maxAttempts,
      Duration backoff,
      Duration backoffCap,
      @Nullable Duration maxElapsed,
      Duration timeout,
      int maxCrashes) {
    this(
        maxAttempts, RetryDelays.exponential(backoff, backoffCap), maxElapsed, timeout, maxCrashes);
  }

  /** The wait after the first failure, before chance. */
  public Duration backoff() {
    return delays.first();
  }

  /** The longest wait. */
  public Duration backoffCap() {
    return delays.longest();
  }

  /** The same with other delays. */
  public Policy withDelays(RetryDelays other) {
    return new Policy(maxAttempts, other, maxElapsed, timeout, maxCrashes);
  }

  /** The same with another timeout. */
  public Policy withTimeout(Duration other) {
    return new Policy(maxAttempts, delays, maxElapsed, other, maxCrashes);
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
