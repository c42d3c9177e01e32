package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Move;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The same change of many jobs, made step by step from the youngest to the oldest.
 *
 * @param id made as those of jobs are, so that it is greater than those of all jobs that were
 *     submitted before the operation began
 * @param to what jobs are to have from then on; null = the action changes neither priority nor
 *     queue
 * @param dryRun whether jobs are only counted
 * @param rate jobs to change in a second at most; null = as many as there is time for
 * @param cursor the jobs from this one on have been looked at; null = all have
 * @param seen jobs that matched the filter until now
 * @param changed jobs that were changed, or in a dry run would have been
 * @param skipped jobs whose state did not allow it
 * @param failed jobs whose change the store refused
 * @param by the id of the caller who began it
 * @param endedAt when it was done or aborted; null = it is under way
 */
public record Operation(
    JobId id,
    Action action,
    @Nullable Move to,
    JobFilter filter,
    boolean dryRun,
    @Nullable Integer rate,
    OperationState state,
    @Nullable JobId cursor,
    long seen,
    long changed,
    long skipped,
    long failed,
    String by,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant endedAt) {

  /** What is done to each job. */
  public enum Action {
    /** Calls it off. */
    CANCEL,
    /** Runs it again, if it ended without success before the operation began. */
    RETRY,
    /** Deletes it, if it ended before the operation began. */
    DISCARD,
    /** Gives it another priority, while it waits. */
    SET_PRIORITY,
    /** Moves it into another queue, while it waits. */
    MOVE;

    /** As people and programs read it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Operation {
    boolean fits =
        switch (action) {
          case CANCEL, RETRY, DISCARD -> to == null;
          case SET_PRIORITY -> to != null && to.priority() != null && to.queue() == null;
          case MOVE -> to != null && to.queue() != null && to.priority() == null;
        };
    if (!fits) {
      throw new IllegalArgumentException(action + " does not fit " + to);
    }
  }

  /** One that begins now. */
  public static Operation begun(
      JobId id,
      Action action,
      @Nullable Move to,
      JobFilter filter,
      boolean dryRun,
      @Nullable Integer rate,
      String by,
      Instant now) {
    return new Operation(
        id,
        action,
        to,
        filter,
        dryRun,
        rate,
        OperationState.RUNNING,
        id,
        0,
        0,
        0,
        0,
        by,
        now,
        now,
        null);
  }

  /** The same in another state. */
  public Operation in(OperationState other, Instant now) {
    return new Operation(
        id,
        action,
        to,
        filter,
        dryRun,
        rate,
        other,
        cursor,
        seen,
        changed,
        skipped,
        failed,
        by,
        createdAt,
        now,
        other.over() ? now : null);
  }

  /**
   * The same after a step.
   *
   * @param next where the next step begins; null = all jobs have been looked at
   */
  public Operation after(OperationStep step, @Nullable JobId next, Instant now) {
    return new Operation(
        id,
        action,
        to,
        filter,
        dryRun,
        rate,
        state,
        next,
        seen + step.seen(),
        changed + step.changed(),
        skipped + step.skipped(),
        failed + step.failed(),
        by,
        createdAt,
        now,
        endedAt);
  }
}
