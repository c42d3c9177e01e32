package io.quikqueue.domain.usecase.user;

import java.time.Duration;

/** Signing in failed too often by one account or from one address: wait that long. */
public final class TooManyLoginsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Duration delay;

  TooManyLoginsException(Duration delay) {
    super("signing in failed too often");
    this.delay = delay;
  }

  /** In whole seconds, one at least. */
  public long seconds() {
    return Math.max(1, delay.plusMillis(999).toSeconds());
  }
}
