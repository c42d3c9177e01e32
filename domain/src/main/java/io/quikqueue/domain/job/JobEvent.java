package io.quikqueue.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a job.
 *
 * @param ended the record of the attempt that ended by it, which does not know the worker yet; null
 *     when none did
 */
public record JobEvent(
    Kind kind, JobId job, int attempt, Instant at, @Nullable AttemptRecord ended) {

  /** What happened. */
  public enum Kind {
    SUBMITTED,
    /** An attempt became ready, and is to be announced. */
    QUEUED,
    STARTED,
    SUCCEEDED,
    ATTEMPT_FAILED,
    POSTPONED,
    /** An attempt gave back its slot; another one goes on later. */
    SUSPENDED,
    GAVE_UP,
    CANCELLED,
    EXPIRED,
    /** What it needs did not end as it wants. */
    SKIPPED,
    /** The line of its ordering key, which it held, goes on without it. */
    PASSED,
    RETRIED,
    /** A later submit gave it another payload. */
    REPLACED,
    /** It got another priority or queue. */
    MOVED,
    /** An attempt was handed back, and is ready again without being announced. */
    RELEASED,
    CRASHED
  }
}
