package io.quikqueue.domain.workflow;

/** How the needs of a node have to have ended for it to run. The code is what storage holds. */
public enum RunIf {
  /** Each succeeded. */
  ALL_SUCCEEDED(1),
  /** None failed; some may have been skipped. */
  NONE_FAILED(2),
  /** However they ended. */
  ALL_FINISHED(3),
  ANY_SUCCEEDED(4),
  ANY_FAILED(5);

  private final int code;

  RunIf(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The one with this code. */
  public static RunIf ofCode(int code) {
    for (RunIf each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no run_if has the code " + code);
  }
}
