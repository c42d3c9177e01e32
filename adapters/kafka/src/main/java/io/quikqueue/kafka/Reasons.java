package io.quikqueue.kafka;

import java.util.concurrent.ExecutionException;

/** What to call a failure in a log line: its type, which holds no text from outside. */
final class Reasons {

  private Reasons() {}

  static String of(Throwable failure) {
    return cause(failure).getClass().getSimpleName();
  }

  /** What a future failed with, or the failure itself. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof ExecutionException && cause != null ? cause : failure;
  }
}
