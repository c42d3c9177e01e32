package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptRecord.Outcome;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job before and after a verb. The store fences it, see {@link #fits}.
 *
 * @param worker who ran the attempt, for the record of it; null when nobody did
 * @param failure why the attempt failed, for the record of it; null when it did not
 */
public record Change(Job before, Job after, @Nullable String worker, @Nullable Failure failure) {

  public Change {
    if (!before.id().equals(after.id())) {
      throw new IllegalArgumentException(
          "a change of two jobs: " + before.id() + ", " + after.id());
    }
  }

  /** A change by which no attempt failed. */
  public Change(Job before, Job after, @Nullable String worker) {
    this(before, after, worker, null);
  }

  /** The attempt it is fenced by. */
  public AttemptId attempt() {
    return before.attemptId();
  }

  /**
   * Whether it takes effect on the job as the store has it: still at the attempt of {@code before}
   * and in its state, where QUEUED and RUNNING count as one, because a mark may be missing or early
   * and the attempt is what decides. Only what has not started expires, so that one takes a job
   * that is not RUNNING.
   */
  public boolean fits(JobState state, int attempt) {
    boolean activeIsOne = after.state() != JobState.EXPIRED;
    return attempt == before.attempt()
        && (state == before.state() || (activeIsOne && state.active() && before.state().active()));
  }

  /**
   * Whether the job becomes ready and must be announced: it enters QUEUED, other than by a release.
   */
  public boolean announces() {
    return announces(before, after);
  }

  /**
   * The record of the attempt that this change ended; null when it ended none, as when the job
   * never started, was released, was put off before anything was sent, or waited for its next
   * attempt.
   */
  public @Nullable AttemptRecord ended() {
    Outcome outcome = outcome();
    if (outcome == null) {
      return null;
    }
    String error =
        switch (outcome) {
          case FAILED, POSTPONED -> after.error();
          case CRASHED -> after.state() == JobState.FAILED ? after.error() : "the worker vanished";
          case DONE, CANCELLED -> null;
        };
    return new AttemptRecord(
        before.attempt(),
        outcome,
        started(),
        after.updatedAt(),
        worker,
        error,
        failure == null ? null : failure.errorClass(),
        failure == null ? null : failure.trace());
  }

  private @Nullable Outcome outcome() {
    if (!before.state().active()) {
      return null;
    }
    return switch (after.state()) {
      case DONE -> Outcome.DONE;
      case RETRYING -> after.failures() > before.failures() ? Outcome.FAILED : postponed();
      case FAILED -> after.crashes() > before.crashes() ? Outcome.CRASHED : Outcome.FAILED;
      case QUEUED -> after.attempt() > before.attempt() ? Outcome.CRASHED : null;
      case CANCELLED -> before.state() == JobState.RUNNING ? Outcome.CANCELLED : null;
      case WAITING, SCHEDULED, RUNNING, EXPIRED -> null;
    };
  }

  private @Nullable Outcome postponed() {
    return after.error() == null ? null : Outcome.POSTPONED;
  }

  /** A QUEUED job still carries the start of the attempt before, which is not this one's. */
  private @Nullable Instant started() {
    boolean known =
        before.state() == JobState.RUNNING
            || !Objects.equals(before.startedAt(), after.startedAt());
    return known ? after.startedAt() : null;
  }

  private static boolean announces(Job before, Job after) {
    return after.state() == JobState.QUEUED
        && (!before.state().active() || before.attempt() != after.attempt());
  }
}
