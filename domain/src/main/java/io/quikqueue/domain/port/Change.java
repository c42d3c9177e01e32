package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import org.jspecify.annotations.Nullable;

/**
 * A job before and after a verb. The store fences on the state and the attempt of {@code before}.
 *
 * @param worker who ran the attempt, for the record of it; null when nobody did
 */
public record Change(Job before, Job after, @Nullable String worker) {

  public Change {
    if (!before.id().equals(after.id())) {
      throw new IllegalArgumentException(
          "a change of two jobs: " + before.id() + ", " + after.id());
    }
  }

  /** The attempt it is fenced by. */
  public AttemptId attempt() {
    return before.attemptId();
  }

  /**
   * Whether the job becomes ready and must be announced: it enters QUEUED, other than by a release.
   */
  public boolean announces() {
    return announces(before, after);
  }

  private static boolean announces(Job before, Job after) {
    return after.state() == io.quikqueue.domain.job.JobState.QUEUED
        && (!before.state().active() || before.attempt() != after.attempt());
  }
}
