package io.quikqueue.domain.job;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a job waits after each failure before it is tried again. Durations are cut to
 * milliseconds.
 *
 * @param delays EXPONENTIAL: the first and the longest; FIXED: the one; LIST: one for each failure,
 *     1 to {@value #MOST_DELAYS}, of which the last repeats
 * @param jitter the share of each delay that is left to chance, from 0 (none) to 1 (all)
 */
public record RetryDelays(Kind kind, List<Duration> delays, double jitter) {

  public static final int MOST_DELAYS = 50;

  private static final Duration YEAR = Duration.ofDays(366);
  private static final double HALF = 0.5;
  private static final int MOST_DOUBLINGS = 40;

  /** Half a second that doubles up to ten minutes; half of it by chance. */
  public static final RetryDelays DEFAULT =
      exponential(Duration.ofMillis(500), Duration.ofMinutes(10));

  /** How the delays follow each other. */
  public enum Kind {
    EXPONENTIAL,
    FIXED,
    LIST;

    /** As it stands in JSON and YAML. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what {@link #text()} gave.
     *
     * @throws InvalidFieldException naming {@code retry.kind}
     */
    public static Kind of(String text) {
      for (Kind kind : values()) {
        if (kind.text().equals(text)) {
          return kind;
        }
      }
      throw new InvalidFieldException("retry.kind", "must be exponential, fixed or list");
    }
  }

  public RetryDelays {
    delays = delays.stream().map(delay -> delay.truncatedTo(ChronoUnit.MILLIS)).toList();
    jitter += 0.0; // the zero that is negative would not be equal to the other
    int most = kind == Kind.LIST ? MOST_DELAYS : kind == Kind.FIXED ? 1 : 2;
    int least = kind == Kind.EXPONENTIAL ? 2 : 1;
    require(
        delays.size() >= least && delays.size() <= most,
        "retry.delays",
        "must be a list of 1 to " + MOST_DELAYS + " durations");
    for (int i = 0; i < delays.size(); i++) {
      Duration delay = delays.get(i);
      boolean cap = kind == Kind.EXPONENTIAL && i == 1;
      require(
          delay.compareTo(cap ? delays.getFirst() : Duration.ZERO) >= 0
              && delay.compareTo(YEAR) <= 0,
          cap ? "retry.backoff_cap" : kind == Kind.LIST ? "retry.delays." + i : "retry.backoff",
          cap ? "must be from retry.backoff to 366 days" : "must be from 0 to 366 days");
    }
    require(jitter >= 0 && jitter <= 1, "retry.jitter", "must be from 0 to 1");
  }

  /** Doubles with each failure up to a cap; half of each delay by chance. */
  public static RetryDelays exponential(Duration first, Duration cap) {
    return new RetryDelays(Kind.EXPONENTIAL, List.of(first, cap), HALF);
  }

  /**
   * Makes sense of what was said; null = not said. Without {@code kind} it is LIST where there are
   * {@code delays}, else EXPONENTIAL. What is not said of EXPONENTIAL and FIXED is as in {@link
   * #DEFAULT}, with a cap that is no less than the first delay; the jitter of the other kinds is 0:
   * who writes delays down means them.
   *
   * @throws InvalidFieldException naming the field of {@code retry} that is wrong, or that does not
   *     go with the kind
   */
  public static RetryDelays of(
      @Nullable Kind kind,
      @Nullable Duration backoff,
      @Nullable Duration backoffCap,
      @Nullable List<Duration> delays,
      @Nullable Double jitter) {
    Kind meant = kind != null ? kind : delays == null ? Kind.EXPONENTIAL : Kind.LIST;
    boolean list = meant == Kind.LIST;
    require(delays == null || list, "retry.delays", "goes with the kind list only");
    require(delays != null || !list, "retry.delays", "is needed by the kind list");
    require(backoff == null || !list, "retry.backoff", "does not go with the kind list");
    require(
        backoffCap == null || meant == Kind.EXPONENTIAL,
        "retry.backoff_cap",
        "goes with the kind exponential only");
    Duration first = backoff == null ? DEFAULT.first() : backoff;
    Duration usualCap = DEFAULT.longest();
    Duration cap =
        backoffCap != null ? backoffCap : first.compareTo(usualCap) > 0 ? first : usualCap;
    List<Duration> meantDelays =
        switch (meant) {
          case EXPONENTIAL -> List.of(first, cap);
          case FIXED -> List.of(first);
          case LIST -> delays == null ? List.of() : delays;
        };
    double usualJitter = meant == Kind.EXPONENTIAL ? HALF : 0;
    return new RetryDelays(meant, meantDelays, jitter == null ? usualJitter : jitter);
  }

  /** The delay after the first failure, before chance. */
  public Duration first() {
    return delays.getFirst();
  }

  /** The longest delay. */
  public Duration longest() {
    return kind == Kind.EXPONENTIAL ? delays.getLast() : Collections.max(delays);
  }

  /** Whether it doubles, half of it by chance: all that there was once. */
  public boolean isUsualKind() {
    return kind == Kind.EXPONENTIAL && jitter == HALF;
  }

  /**
   * The delay before the next attempt.
   *
   * @param failures failed attempts so far, at least 1
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public Duration after(int failures, double random) {
    long full =
        switch (kind) {
          case EXPONENTIAL -> doubled(failures - 1);
          case FIXED -> first().toMillis();
          case LIST -> delays.get(Math.min(failures, delays.size()) - 1).toMillis();
        };
    long varying = Math.round(full * jitter);
    return Duration.ofMillis(full - varying + Math.round(varying * random));
  }

  private long doubled(int times) {
    long base = first().toMillis();
    long cap = delays.getLast().toMillis();
    int doublings = Math.min(times, MOST_DOUBLINGS);
    return base > (cap >> doublings) ? cap : base << doublings;
  }

  private static void require(boolean holds, String field, String problem) {
    if (!holds) {
      throw new InvalidFieldException(field, problem);
    }
  }
}
