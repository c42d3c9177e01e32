package io.quikqueue.domain.job;

/** What becomes of the line of an ordering key when its first job is FAILED. */
public enum OnFailedHead {
  /** The next one starts. */
  CONTINUE,
  /** The line waits until the job is retried by hand, or someone lets the line pass it. */
  HOLD,
  /** As {@link #HOLD}, and someone has let the line pass it since the job FAILED. */
  PASSED;

  /** What counts for the next attempt, after a retry by hand. */
  OnFailedHead again() {
    return this == PASSED ? HOLD : this;
  }
}
