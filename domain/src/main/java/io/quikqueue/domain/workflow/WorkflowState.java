package io.quikqueue.domain.workflow;

/** Where a workflow stands. The code is what storage holds. */
public enum WorkflowState {
  RUNNING(1),
  /** A client cancelled it: nothing of it starts any more, but nodes are still being ended. */
  CANCELLING(2),
  /** A node failed and the rest is being cancelled. */
  FAILING(3),
  /** No node failed. */
  DONE(4),
  /** Only nodes failed that are optional. */
  DONE_WITH_FAILURES(5),
  FAILED(6),
  CANCELLED(7);

  private final int code;

  WorkflowState(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The one with this code. */
  public static WorkflowState ofCode(int code) {
    for (WorkflowState each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no workflow state has the code " + code);
  }

  /** Whether all nodes have ended. */
  public boolean terminal() {
    return switch (this) {
      case DONE, DONE_WITH_FAILURES, FAILED, CANCELLED -> true;
      case RUNNING, CANCELLING, FAILING -> false;
    };
  }

  /** Whether what has not ended is being cancelled. */
  public boolean sweeping() {
    return this == CANCELLING || this == FAILING;
  }
}
