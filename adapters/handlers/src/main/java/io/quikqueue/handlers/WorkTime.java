package io.quikqueue.handlers;

import io.quikqueue.domain.port.PermanentFailureException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Time that a handler takes because its payload says so. */
final class WorkTime {

  private static final long MAX_MS = Duration.ofHours(24).toMillis();

  private WorkTime() {}

  /** Takes as many milliseconds as the field {@code ms} says; null = none. Ends at an interrupt. */
  static void spend(@Nullable Long ms) throws PermanentFailureException, InterruptedException {
    if (ms == null) {
      return;
    }
    check(ms);
    Thread.sleep(ms);
  }

  /** Refuses what is no time that a handler takes. */
  static void check(long ms) throws PermanentFailureException {
    if (ms < 0 || ms > MAX_MS) {
      throw new PermanentFailureException("ms: must be from 0 to " + MAX_MS);
    }
  }
}
