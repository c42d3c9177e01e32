package io.quikqueue.cli;

/** The service did not answer. */
final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnreachableException(String message) {
    super(message);
  }
}
