package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.JobState;

/**
 * Where a workflow stands: how many of its nodes are in which state.
 *
 * @param waiting for other nodes
 * @param active ready, due later, running or between attempts
 * @param failures nodes that failed, expired or were cancelled and are not optional
 */
public record WorkflowProgress(
    WorkflowState state,
    OnFailure onFailure,
    int waiting,
    int active,
    int done,
    int failed,
    int cancelled,
    int expired,
    int skipped,
    int failures) {

  /** Of a workflow that begins. */
  public static WorkflowProgress of(OnFailure onFailure, int waiting, int active) {
    return new WorkflowProgress(
        WorkflowState.RUNNING, onFailure, waiting, active, 0, 0, 0, 0, 0, 0);
  }

  /** After nodes were added, which wait for no others. */
  public WorkflowProgress spawned(int nodes) {
    return new WorkflowProgress(
        state,
        onFailure,
        waiting,
        active + nodes,
        done,
        failed,
        cancelled,
        expired,
        skipped,
        failures);
  }

  /**
   * After a node was added again that was retired, see {@link #retired}; it waits for no others.
   */
  public WorkflowProgress addedAgain() {
    return new WorkflowProgress(
        state,
        onFailure,
        waiting,
        active + 1,
        done,
        failed,
        cancelled,
        expired,
        skipped - 1,
        failures);
  }

  /**
   * After a node that had ended is retired, since the one that added it runs again: SKIPPED.
   *
   * @param end how it had ended
   */
  public WorkflowProgress retired(JobState end, boolean optional) {
    WorkflowProgress without = again(end, optional, true);
    return new WorkflowProgress(
        without.state,
        onFailure,
        waiting,
        active,
        without.done,
        without.failed,
        without.cancelled,
        without.expired,
        without.skipped + 1,
        without.failures);
  }

  /** How many nodes there are. */
  public int nodes() {
    return waiting + active + done + failed + cancelled + expired + skipped;
  }

  /** After a node that waited has become ready. */
  public WorkflowProgress released() {
    return new WorkflowProgress(
        state,
        onFailure,
        waiting - 1,
        active + 1,
        done,
        failed,
        cancelled,
        expired,
        skipped,
        failures);
  }

  /**
   * After a node has ended; the last one ends the workflow.
   *
   * @param waited whether it waited for other nodes until then
   */
  public WorkflowProgress ended(JobState end, boolean optional, boolean waited) {
    boolean hard = NodeOutcome.of(end, optional) == NodeOutcome.FAILED;
    WorkflowProgress after =
        new WorkflowProgress(
            hard && state == WorkflowState.RUNNING && onFailure == OnFailure.CANCEL_REST
                ? WorkflowState.FAILING
                : state,
            onFailure,
            waiting - (waited ? 1 : 0),
            active - (waited ? 0 : 1),
            done + (end == JobState.DONE ? 1 : 0),
            failed + (end == JobState.FAILED ? 1 : 0),
            cancelled + (end == JobState.CANCELLED ? 1 : 0),
            expired + (end == JobState.EXPIRED ? 1 : 0),
            skipped + (end == JobState.SKIPPED ? 1 : 0),
            failures + (hard ? 1 : 0));
    return after.waiting + after.active == 0 ? after.in(after.end()) : after;
  }

  /**
   * After a node that had ended is to run again: the workflow runs again too.
   *
   * @param end how it had ended
   * @param waits whether it waits for other nodes
   */
  public WorkflowProgress again(JobState end, boolean optional, boolean waits) {
    boolean hard = NodeOutcome.of(end, optional) == NodeOutcome.FAILED;
    return new WorkflowProgress(
        WorkflowState.RUNNING,
        onFailure,
        waiting + (waits ? 1 : 0),
        active + (waits ? 0 : 1),
        done - (end == JobState.DONE ? 1 : 0),
        failed - (end == JobState.FAILED ? 1 : 0),
        cancelled - (end == JobState.CANCELLED ? 1 : 0),
        expired - (end == JobState.EXPIRED ? 1 : 0),
        skipped - (end == JobState.SKIPPED ? 1 : 0),
        failures - (hard ? 1 : 0));
  }

  /** After a client cancelled it; what has ended stays so. */
  public WorkflowProgress cancel() {
    return state.terminal() ? this : in(WorkflowState.CANCELLING);
  }

  private WorkflowState end() {
    if (state == WorkflowState.CANCELLING) {
      return WorkflowState.CANCELLED;
    }
    if (failures > 0) {
      return WorkflowState.FAILED;
    }
    return failed + cancelled + expired > 0 ? WorkflowState.DONE_WITH_FAILURES : WorkflowState.DONE;
  }

  private WorkflowProgress in(WorkflowState other) {
    return new WorkflowProgress(
        other, onFailure, waiting, active, done, failed, cancelled, expired, skipped, failures);
  }
}
