package io.quikqueue.contracts;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The system's time in whole microseconds, for stores with a clock of their own. */
public final class RealTime implements InstantSource {

  @Override
  public Instant instant() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns when this time has passed. */
  public void letPass(Duration duration) {
    await().pollDelay(duration).atMost(duration.plus(Duration.ofMinutes(3))).until(() -> true);
  }
}
