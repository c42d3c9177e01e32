package io.quikqueue.domain.job;

/** Bytes that are no {@link Envelope} or {@link JobBody} that this version can read. */
public final class UnreadableMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnreadableMessageException(String message) {
    super(message);
  }

  public UnreadableMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
