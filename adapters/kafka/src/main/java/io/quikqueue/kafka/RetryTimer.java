package io.quikqueue.kafka;

import io.quikqueue.domain.batch.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says when what failed may be tried again: 50 ms later, doubling up to 2 s. For one thread. */
final class RetryTimer {

  private final Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));
  private long until;
  private @Nullable String reason;

  void failed(long now, Throwable failure) {
    reason = Errors.of(failure);
    until = now + backoff.next().toNanos();
  }

  void succeeded() {
    reason = null;
    backoff.reset();
  }

  boolean failing() {
    return reason != null;
  }

  /** Whether it has not failed for this reason just before. */
  boolean isNews(Throwable failure) {
    return !Errors.of(failure).equals(reason);
  }

  boolean isOver(long now) {
    return reason == null || now - until >= 0;
  }

  /** How long to wait from now on, at most {@code most}. */
  Duration left(long now, Duration most) {
    long left = reason == null ? 0 : Math.max(0, until - now);
    return Duration.ofNanos(Math.min(left, most.toNanos()));
  }
}
