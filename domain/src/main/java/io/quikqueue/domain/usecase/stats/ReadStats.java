package io.quikqueue.domain.usecase.stats;

import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/** Shows what happened to jobs in the last minutes, hours or days. */
public final class ReadStats {

  /** For how long counts are kept. */
  public static final Duration LONGEST = Duration.ofDays(3);

  private static final int MOST_STEPS = 120;
  private static final List<Duration> STEPS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofHours(1));

  private final JobStats stats;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public ReadStats(JobStats stats, InstantSource clock) {
    this.stats = stats;
    this.clock = clock;
  }

  /**
   * What happened, step by step.
   *
   * @param step how long each is
   * @param from when the first begins, a multiple of the step since 1970
   * @param steps oldest first; the last contains the present
   */
  public record Stats(Duration step, Instant from, List<JobCounts> steps) {

    /** When a step begins. */
    public Instant start(int index) {
      return from.plus(step.multipliedBy(index));
    }

    /** All steps together. */
    public JobCounts total() {
      return steps.stream().reduce(JobCounts.NONE, JobCounts::plus);
    }
  }

  /**
   * What happened lately.
   *
   * @param range more than nothing and at most {@link #LONGEST}; it begins with a whole step
   */
  public Stats of(Caller caller, StatsScope scope, Duration range) {
    Instant until = clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    Duration step = step(range);
    Instant from = floor(until.minus(range), step);
    JobCounts[] steps = new JobCounts[index(from, until.minusNanos(1), step) + 1];
    Arrays.fill(steps, JobCounts.NONE);
    for (MinuteCounts counts : stats.read(scope, from, until)) {
      int index = index(from, counts.minute(), step);
      steps[index] = steps[index].plus(counts.counts());
    }
    return new Stats(step, from, List.of(steps));
  }

  private static Duration step(Duration range) {
    for (Duration step : STEPS) {
      if (range.compareTo(step.multipliedBy(MOST_STEPS)) <= 0) {
        return step;
      }
    }
    return STEPS.getLast();
  }

  private static Instant floor(Instant time, Duration step) {
    long seconds = step.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
  }

  private static int index(Instant from, Instant at, Duration step) {
    return (int) Duration.between(from, at).dividedBy(step);
  }
}
