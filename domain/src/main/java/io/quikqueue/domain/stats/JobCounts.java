package io.quikqueue.domain.stats;

/**
 * What happened to jobs in some time.
 *
 * @param submitted jobs that were accepted
 * @param done attempts that succeeded
 * @param failedAttempts attempts that failed, whether the job is tried again or not
 * @param failed jobs that were given up
 * @param waits how long the attempts that ended had waited, from when they were due
 * @param runs how long they ran
 */
public record JobCounts(
    long submitted,
    long done,
    long failedAttempts,
    long failed,
    DurationHistogram waits,
    DurationHistogram runs) {

  /** Nothing happened. */
  public static final JobCounts NONE =
      new JobCounts(0, 0, 0, 0, DurationHistogram.EMPTY, DurationHistogram.EMPTY);

  /** What happened in both times. */
  public JobCounts plus(JobCounts other) {
    return new JobCounts(
        submitted + other.submitted,
        done + other.done,
        failedAttempts + other.failedAttempts,
        failed + other.failed,
        waits.plus(other.waits),
        runs.plus(other.runs));
  }
}
