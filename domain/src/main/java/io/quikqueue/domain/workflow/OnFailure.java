package io.quikqueue.domain.workflow;

/** What becomes of a workflow when a node fails that is not optional. */
public enum OnFailure {
  /** What does not need that node goes on. */
  FINISH_BRANCHES(1),
  /** All nodes that have not ended are cancelled. */
  CANCEL_REST(2);

  private final int code;

  OnFailure(int code) {
    this.code = code;
  }

  /** What storage holds. */
  public int code() {
    return code;
  }

  /** The one with this code. */
  public static OnFailure ofCode(int code) {
    return code == CANCEL_REST.code ? CANCEL_REST : FINISH_BRANCHES;
  }
}
