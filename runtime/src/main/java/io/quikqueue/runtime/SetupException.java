package io.quikqueue.runtime;

/**
 * What whoever starts a process has to mend; the message says what and how in one or two lines, and
 * holds no secret.
 */
public final class SetupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SetupException(String message) {
    super(message);
  }

  public SetupException(String message, Throwable cause) {
    super(message, cause);
  }
}
