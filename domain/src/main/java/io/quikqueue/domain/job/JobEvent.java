package io.quikqueue.domain.job;

import java.time.Instant;

/** Something that happened to a job. */
public record JobEvent(Kind kind, JobId job, int attempt, Instant at) {

  /** What happened. */
  public enum Kind {
    SUBMITTED,
    QUEUED,
    STARTED,
    SUCCEEDED,
    ATTEMPT_FAILED,
    POSTPONED,
    GAVE_UP,
    CANCELLED,
    EXPIRED,
    RETRIED,
    RELEASED,
    CRASHED
  }
}
