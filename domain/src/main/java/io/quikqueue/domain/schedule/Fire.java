package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One fire of a schedule. A schedule has at most one of each time.
 *
 * @param number counts the fires of a schedule, from 1
 * @param at the time that it was for; of one by hand, when that was
 * @param actualAt when it was done
 * @param job null = it started none
 * @param cause why it started none; null = it did, or the outcome says all
 */
public record Fire(
    long number,
    Instant at,
    Instant actualAt,
    Kind kind,
    Outcome outcome,
    @Nullable JobId job,
    @Nullable String cause) {

  /** What made it. */
  public enum Kind {
    SCHEDULED,
    TRIGGERED,
    BACKFILLED
  }

  /** What came of it. */
  public enum Outcome {
    /** Its job has not ended yet. */
    STARTED,
    /** Its job is to start when the one before has ended. */
    BUFFERED,
    /** The job before had not ended. */
    SKIPPED,
    /** Its job was not taken. */
    REFUSED,
    DONE,
    FAILED,
    CANCELLED,
    EXPIRED,
    /** Its job was deleted before anybody looked how it ended. */
    DELETED
  }

  Fire as(Outcome other) {
    return new Fire(number, at, actualAt, kind, other, job, cause);
  }

  Fire started(JobId by, Instant now) {
    return new Fire(number, at, now, kind, Outcome.STARTED, by, null);
  }

  Fire refused(String why) {
    return new Fire(number, at, actualAt, kind, Outcome.REFUSED, null, why);
  }

  /** The name of a kind or an outcome in JSON. */
  public static String label(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
