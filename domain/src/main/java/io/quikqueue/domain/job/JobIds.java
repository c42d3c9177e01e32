package io.quikqueue.domain.job;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes job ids: UUIDv7 by RFC 9562. Its 12 bits of {@code rand_a} count within a millisecond
 * (method 1 of section 6.2), so that ids from one generator always rise, even when the clock steps
 * back; its 62 bits of {@code rand_b} are new in each id, so that from one id no other can be
 * guessed.
 */
public final class JobIds {

  private static final int MOST_COUNTED = 0xFFF;
  private static final long RANDOM_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

  /** Secure randomness is cheap by the block: 4 KiB are for 512 ids. */
  private static final int BLOCK = 4 << 10;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final byte[] block = new byte[BLOCK];
  private final ByteBuffer unused = ByteBuffer.wrap(block).position(BLOCK);
  private long lastMillis = -1;
  private int counter;

  /**
   * @param random secure, unless ids may be guessed; asked for blocks of 4 KiB
   */
  public JobIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next id, greater than all before it. */
  public synchronized JobId next() {
    long millis = clock.millis();
    if (millis > lastMillis) {
      lastMillis = millis;
      counter = 0;
    } else if (counter < MOST_COUNTED) {
      counter++;
    } else {
      lastMillis++;
      counter = 0;
    }
    long high = (lastMillis << 16) | 0x7000L | counter;
    long low = 0x8000_0000_0000_0000L | (random() & RANDOM_MASK);
    return new JobId(new UUID(high, low));
  }

  /** The least id that could have been made at this instant: a bound for scans by age. */
  public static JobId floor(Instant instant) {
    long millis = Math.max(0, instant.toEpochMilli()); // none was made before 1970
    return new JobId(new UUID((millis << 16) | 0x7000L, 0x8000_0000_0000_0000L));
  }

  /** When an id was made, to a millisecond. */
  public static Instant madeAt(JobId id) {
    return Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16);
  }

  private long random() {
    if (!unused.hasRemaining()) {
      random.nextBytes(block);
      unused.clear();
    }
    return unused.getLong();
  }
}
