package io.quikqueue.domain.job;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes job ids: UUIDv7 by RFC 9562, with method 2 of its section 6.2 (the 74 random bits count up
 * within one millisecond), so that ids from one generator always rise, even when the clock steps
 * back.
 */
public final class JobIds {

  private static final long RANDOM_A_MASK = 0xFFFL;
  private static final long RANDOM_B_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

  private final InstantSource clock;
  private final RandomGenerator random;
  private long lastMillis = -1;
  private long randomA;
  private long randomB;

  public JobIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next id, greater than all before it. */
  public synchronized JobId next() {
    long millis = clock.millis();
    if (millis > lastMillis) {
      lastMillis = millis;
      randomA = random.nextLong() & (RANDOM_A_MASK >> 1); // the top bit is room to count up
      randomB = random.nextLong() & RANDOM_B_MASK;
    } else {
      countUp();
    }
    long high = (lastMillis << 16) | 0x7000L | randomA;
    long low = 0x8000_0000_0000_0000L | randomB;
    return new JobId(new UUID(high, low));
  }

  /** The least id that could have been made at this instant: a bound for scans by age. */
  public static JobId floor(Instant instant) {
    return new JobId(new UUID((instant.toEpochMilli() << 16) | 0x7000L, 0x8000_0000_0000_0000L));
  }

  private void countUp() {
    randomB +=
        1
            + (random.nextInt()
                & 0xFFFF); // a gap, so that neighbours cannot be guessed by adding one
    if (randomB > RANDOM_B_MASK) {
      randomB &= RANDOM_B_MASK;
      randomA++;
      if (randomA > RANDOM_A_MASK) {
        randomA = 0;
        lastMillis++;
      }
    }
  }
}
