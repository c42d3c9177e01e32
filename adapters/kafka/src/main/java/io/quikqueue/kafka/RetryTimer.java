package io.quikqueue.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long to wait before trying again: 50 ms, doubling up to 2 s. For one thread. */
final class Backoff {

  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

  private long wait = FIRST;
  private long until;
  private @Nullable String reason;

  void failed(long now, Throwable failure) {
    reason = Reasons.of(failure);
    until = now + wait;
    wait = Math.min(2 * wait, LONGEST);
  }

  void succeeded() {
    reason = null;
    wait = FIRST;
  }

  boolean failing() {
    return reason != null;
  }

  /** Whether it has not failed for this reason just before. */
  boolean isNews(Throwable failure) {
    return !Reasons.of(failure).equals(reason);
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
