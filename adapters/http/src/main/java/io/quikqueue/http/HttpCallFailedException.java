package io.quikqueue.http;

/** A call that did not succeed and may do so when it is made again. */
final class HttpCallFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  HttpCallFailedException(String message) {
    super(message);
  }

  HttpCallFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
