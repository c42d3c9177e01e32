package io.quikqueue.client;

import org.jspecify.annotations.Nullable;

/** A call that did not succeed; its subclasses say in what way. */
public abstract sealed class QuikQueueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private QuikQueueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The server refused; the same call would be refused again. */
  public static final class Refused extends QuikQueueException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refused(Problem problem) {
      super(problem.toString(), null);
      this.problem = problem;
    }

    /** What the server said. */
    public Problem problem() {
      return problem;
    }
  }

  /** There is no such job. */
  public static final class NotFound extends QuikQueueException {

    private static final long serialVersionUID = 1L;

    NotFound(Problem problem) {
      super(problem.toString(), null);
    }
  }

  /** The job's state does not allow it, or another job has its unique key. */
  public static final class Conflict extends QuikQueueException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Conflict(Problem problem) {
      super(problem.toString(), null);
      this.problem = problem;
    }

    /** What the server said; {@link Problem#jobId} is the job that has the unique key. */
    public Problem problem() {
      return problem;
    }
  }

  /**
   * The server cannot be reached, cannot do it now, or its answer was lost. Whether a submit took
   * effect is unknown, unless it had an idempotency key: then send it again.
   */
  public static final class Unavailable extends QuikQueueException {

    private static final long serialVersionUID = 1L;

    Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
