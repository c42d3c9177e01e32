package io.quikqueue.domain.limit;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket: a job takes as many tokens as it costs as it starts.
 *
 * @param tokens how many come in each period, 1 to 1,000,000
 * @param per the period, 1 ms to a day, cut to milliseconds
 * @param burst how many there are at most, 1 to 1,000,000; a job that costs more waits until the
 *     bucket is full
 */
public record Rate(int tokens, Duration per, int burst) {

  /** The most tokens of a period, and in a bucket. */
  public static final int MOST = 1_000_000;

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  public Rate {
    Limits.require(tokens >= 1 && tokens <= MOST, "n", "must be from 1 to 1000000");
    Limits.require(
        per.compareTo(SHORTEST) >= 0 && per.compareTo(LONGEST) <= 0,
        "per",
        "must be from 1ms to 1d");
    Limits.require(burst >= 1 && burst <= MOST, "burst", "must be from 1 to 1000000");
    per = per.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * A rate as a field of limits describes it.
   *
   * @param field what errors name before the fields of the rate
   * @param burst null = as many as come in each period
   */
  public static Rate of(
      String field, @Nullable Integer tokens, @Nullable Duration per, @Nullable Integer burst) {
    if (tokens == null) {
      throw new InvalidFieldException(field + ".n", "is required");
    }
    if (per == null) {
      throw new InvalidFieldException(field + ".per", "is required");
    }
    try {
      return new Rate(tokens, per, burst == null ? tokens : burst);
    } catch (InvalidFieldException e) {
      throw new InvalidFieldException(field + "." + e.field(), e.problem());
    }
  }
}
