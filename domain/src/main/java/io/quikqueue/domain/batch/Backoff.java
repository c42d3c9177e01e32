package io.quikqueue.domain.batch;

import java.time.Duration;

/**
 * The waits of a loop whose server is away: each twice the one before, up to the longest. For one
 * thread.
 */
public final class Backoff {

  private final Duration first;
  private final Duration longest;
  private Duration next;

  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** How long to wait now. */
  public Duration next() {
    Duration now = next;
    Duration doubled = now.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
    return now;
  }

  /** The server is back: the next wait is the first again. */
  public void reset() {
    next = first;
  }
}
