package io.quikqueue.http;

import java.io.IOException;

/**
 * A connection of an earlier call was closed before a byte of an answer came: the server closed it
 * while it was idle, or sent more than was asked for.
 */
final class StaleConnectionException extends IOException {

  private static final long serialVersionUID = 1L;

  StaleConnectionException(IOException cause) {
    super(cause);
  }
}
