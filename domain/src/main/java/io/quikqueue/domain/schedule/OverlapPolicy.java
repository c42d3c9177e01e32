package io.quikqueue.domain.schedule;

/** What becomes of a fire while the job of the one before has not ended. */
public enum OverlapPolicy {
  /** It starts nothing. */
  SKIP,
  /** One waits until then, further ones start nothing. */
  BUFFER_ONE,
  /** They wait for each other, up to {@link ScheduleState#MOST_BUFFERED}. */
  BUFFER_ALL,
  /** The job before is cancelled. */
  CANCEL_OTHER,
  /** It starts beside it. */
  ALLOW_ALL
}
