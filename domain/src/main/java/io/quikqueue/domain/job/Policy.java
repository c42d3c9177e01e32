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
 * @param own which of these the client named, as bits; the others follow the policies of its type
 *     and queue
 */
public record Policy(
    int maxAttempts,
    RetryDelays delays,
    @Nullable Duration maxElapsed,
    Duration timeout,
    int maxCrashes,
    int own) {

  public static final int OWN_MAX_ATTEMPTS = 1;
  public static final int OWN_DELAYS = 2;
  public static final int OWN_MAX_ELAPSED = 4;
  public static final int OWN_MAX_CRASHES = 8;
  public static final int OWN_TIMEOUT = 16;

  /** The client named all of it. */
  public static final int ALL_OWN = 31;

  /** The highest {@code maxCrashes}: each takes a worker with all that runs there. */
  public static final int MOST_CRASHES = 5;

  private static final Duration YEAR = Duration.ofDays(366);
  private static final Duration DAY = Duration.ofHours(24);

  /** Five attempts, half a second doubling up to ten minutes, 60 s an attempt, three crashes. */
  public static final Policy DEFAULT =
      new Policy(5, RetryDelays.DEFAULT, null, Duration.ofSeconds(60), 3, 0);

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
    if (own < 0 || own > ALL_OWN) {
      throw new IllegalArgumentException("not what a client can have named: " + own);
    }
  }

  /** One that a client named all of. */
  public Policy(
      int maxAttempts,
      RetryDelays delays,
      @Nullable Duration maxElapsed,
      Duration timeout,
      int maxCrashes) {
    this(maxAttempts, delays, maxElapsed, timeout, maxCrashes, ALL_OWN);
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
    return new Policy(maxAttempts, other, maxElapsed, timeout, maxCrashes, own);
  }

  /** The same with another timeout, which the client named. */
  public Policy withTimeout(Duration other) {
    return new Policy(maxAttempts, delays, maxElapsed, other, maxCrashes, own | OWN_TIMEOUT);
  }

  /** The same of a client that named these. */
  public Policy withOwn(int named) {
    return named == own
        ? this
        : new Policy(maxAttempts, delays, maxElapsed, timeout, maxCrashes, named);
  }

  /** What the client named, and all else as these have it, or as it is by default. */
  public Policy following(PolicyOptions others) {
    if (own == ALL_OWN) {
      return this;
    }
    Policy base = others.retry().over(DEFAULT);
    Duration otherTimeout = others.timeout();
    return new Policy(
        owns(OWN_MAX_ATTEMPTS) ? maxAttempts : base.maxAttempts,
        owns(OWN_DELAYS) ? delays : base.delays,
        owns(OWN_MAX_ELAPSED) ? maxElapsed : base.maxElapsed,
        owns(OWN_TIMEOUT) ? timeout : otherTimeout == null ? base.timeout : otherTimeout,
        owns(OWN_MAX_CRASHES) ? maxCrashes : base.maxCrashes,
        own);
  }

  /** Whether the client named this part. */
  public boolean owns(int part) {
    return (own & part) != 0;
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
