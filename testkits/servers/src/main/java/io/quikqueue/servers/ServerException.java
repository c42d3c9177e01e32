package io.quikqueue.servers;

/**
 * A server or child process could not be started, stopped or signalled; the message says why in
 * words for a user.
 */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public ServerException(String message) {
    super(message);
  }

  /** With the reason and what was thrown. */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
