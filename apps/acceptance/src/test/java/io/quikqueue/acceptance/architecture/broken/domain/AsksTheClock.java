package io.quikqueue.acceptance.architecture.broken.domain;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;

final class AsksTheClock {
  private final Clock clock = Clock.systemUTC();
  private final Instant now = Instant.now();
  private final long millis = System.currentTimeMillis();

  @Override
  public String toString() {
    return "" + clock + now + millis + LocalDate.now(clock);
  }
}
