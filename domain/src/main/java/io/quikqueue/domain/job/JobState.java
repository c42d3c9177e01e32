package io.quikqueue.domain.job;

/** Where a job stands. The code is what storage holds; it never changes. */
public enum JobState {
  /** Waits for other jobs, such as those before it of its ordering key. */
  WAITING(1),
  /** Waits for its {@code run_at}. */
  SCHEDULED(2),
  /** Ready to run, or on its way to a worker. */
  QUEUED(3),
  /** Known to be with a worker; short jobs are never marked. */
  RUNNING(4),
  /** Waits for its next attempt. */
  RETRYING(5),
  /** Succeeded. */
  DONE(6),
  /** Given up. */
  FAILED(7),
  /** Called off by a client. */
  CANCELLED(8),
  /** Its deadline passed before it started. */
  EXPIRED(9),
  /** A node of a workflow that can never run, since its needs did not end as it wants. */
  SKIPPED(10);

  private static final JobState[] BY_CODE = new JobState[11];

  static {
    for (JobState state : values()) {
      BY_CODE[state.code] = state;
    }
  }

  private final int code;

  JobState(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The state with this code. */
  public static JobState ofCode(int code) {
    if (code < 1 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("no job state has the code " + code);
    }
    return BY_CODE[code];
  }

  /** Whether the job is over. */
  public boolean terminal() {
    return switch (this) {
      case DONE, FAILED, CANCELLED, EXPIRED, SKIPPED -> true;
      case WAITING, SCHEDULED, QUEUED, RUNNING, RETRYING -> false;
    };
  }

  /** Whether the job waits: it is not over, and not known to be with a worker. */
  public boolean waiting() {
    return this != RUNNING && !terminal();
  }

  /** Whether an attempt is ready to run or running. */
  public boolean active() {
    return this == QUEUED || this == RUNNING;
  }
}
