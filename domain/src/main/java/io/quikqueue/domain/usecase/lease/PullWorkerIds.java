package io.quikqueue.domain.usecase.lease;

/** What pull workers are called in the store: one row per worker and process that serves it. */
public final class PullWorkerIds {

  /** Not in the name of a worker. */
  private static final char AT = '@';

  private PullWorkerIds() {}

  /** The row of a worker that is served by a process. */
  static String of(String worker, String process) {
    return LeaseContext.holder(worker) + AT + process;
  }

  /** The name of the worker that a row is of, which is the row of a pull worker. */
  static String name(String id) {
    return id.substring(LeaseContext.holder("").length(), id.indexOf(AT));
  }

  /** Whether a row of a pull worker is by this process. */
  static boolean isOf(String id, String process) {
    return id.endsWith(AT + process);
  }

  /** The id of a row; for a pull worker, what is the same in all its rows. */
  public static String merged(String id) {
    return isPull(id) ? id.substring(0, id.indexOf(AT)) : id;
  }

  /** Whether this is the worker of an attempt that was leased over HTTP. */
  public static boolean isHolder(String worker) {
    return LeaseContext.isHolder(worker);
  }

  /** Whether this is the row of a pull worker. */
  public static boolean isPull(String id) {
    return LeaseContext.isHolder(id) && id.indexOf(AT) > 0;
  }
}
