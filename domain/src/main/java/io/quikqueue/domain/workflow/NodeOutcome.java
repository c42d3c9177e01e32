package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.JobState;

/** How the end of a node counts for those that need it. */
public enum NodeOutcome {
  SUCCEEDED,
  /** FAILED, EXPIRED or CANCELLED, and not optional. */
  FAILED,
  SKIPPED;

  /**
   * The outcome of a node that has ended.
   *
   * @param end a terminal state
   * @param optional whether its failure counts as success
   */
  public static NodeOutcome of(JobState end, boolean optional) {
    return switch (end) {
      case DONE -> SUCCEEDED;
      case FAILED, EXPIRED, CANCELLED -> optional ? SUCCEEDED : FAILED;
      case SKIPPED -> SKIPPED;
      case WAITING, SCHEDULED, QUEUED, RUNNING, RETRYING ->
          throw new IllegalArgumentException(end + " is no end");
    };
  }
}
