package io.quikqueue.bench;

/** Ends the measurement: the deployment cannot be measured, or lost or refused jobs. */
final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
