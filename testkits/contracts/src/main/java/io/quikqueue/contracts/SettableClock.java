package io.quikqueue.contracts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** A clock that stands still until it is told to move. Shows whole microseconds. Thread-safe. */
public final class SettableClock implements InstantSource {

  private volatile Instant now;

  /** A clock that shows noon of an ordinary day. */
  public SettableClock() {
    this(Instant.parse("2026-06-15T12:00:00.123456Z"));
  }

  public SettableClock(Instant now) {
    this.now = now.truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Moves to an instant, which may lie in the past. */
  public void set(Instant instant) {
    now = instant.truncatedTo(ChronoUnit.MICROS);
  }

  /** Moves forward, or back by a negative duration. */
  public synchronized void advance(Duration duration) {
    set(now.plus(duration));
  }
}
