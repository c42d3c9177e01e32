package io.quikqueue.domain.port;

/** A handler's word that trying again is pointless. */
public final class PermanentFailureException extends Exception {

  private static final long serialVersionUID = 1L;

  public PermanentFailureException(String message) {
    super(message);
  }

  public PermanentFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
