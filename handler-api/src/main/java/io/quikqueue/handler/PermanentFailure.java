package io.quikqueue.handler;

/** Thrown by a handler when another attempt would be pointless: the job fails at once, for good. */
public final class PermanentFailure extends Exception {

  private static final long serialVersionUID = 1L;

  public PermanentFailure(String message) {
    super(message);
  }

  public PermanentFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
