package io.quikqueue.kafka;

import io.quikqueue.domain.port.UnavailableException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What to call a failure in a log line: its type, which holds no text from outside. */
final class Errors {

  private Errors() {}

  static String of(Throwable failure) {
    return cause(failure).getClass().getSimpleName();
  }

  /** The failure where its stack trace says more than its type does: one of our own; else null. */
  static @Nullable Throwable unexpected(Throwable failure) {
    return cause(failure) instanceof KafkaException
            || failure instanceof UnavailableException
            || failure instanceof TimeoutException
        ? null
        : failure;
  }

  /** What a future failed with, or the failure itself. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof ExecutionException && cause != null ? cause : failure;
  }
}
