package io.quikqueue.sql;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's clock, in microseconds: read from the store now and then, carried forward by
 * monotonic time in between, so that a jump of this machine's wall clock does not reach it. Asking
 * it waits for the store only as long as it was never read.
 */
final class StoreClock implements InstantSource {

  private static final Logger log = LoggerFactory.getLogger(StoreClock.class);
  private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long GOOD_MICROS = 2_000;
  private static final int TRIES = 4;

  /**
   * @param micros the store's time at {@code nanos} of monotonic time
   * @param error how far off it may be: half of the time that reading it took
   */
  private record Sample(long micros, long nanos, long error, long takenAt) {
    long at(long nanoTime) {
      return micros + (nanoTime - nanos) / 1000;
    }
  }

  private final LongSupplier storeMicros;
  private final LongSupplier nanoTime;
  private final AtomicBoolean sampling = new AtomicBoolean();
  private volatile @Nullable Sample last;

  /**
   * @param storeMicros reads the store's clock, or throws {@link UnavailableException}
   * @param nanoTime monotonic time
   */
  StoreClock(LongSupplier storeMicros, LongSupplier nanoTime) {
    this.storeMicros = storeMicros;
    this.nanoTime = nanoTime;
  }

  /**
   * Now by the store's clock, in whole microseconds.
   *
   * @throws UnavailableException when the store could never be asked
   */
  @Override
  public Instant instant() {
    Sample sample = last;
    if (sample == null) {
      sample = sample();
    } else if (nanoTime.getAsLong() - sample.takenAt() > PERIOD_NANOS
        && sampling.compareAndSet(false, true)) {
      Thread.ofVirtual().name("store-clock").start(this::sampleAgain);
    }
    return Micros.toInstant(sample.at(nanoTime.getAsLong()));
  }

  private void sampleAgain() {
    try {
      sample();
    } catch (UnavailableException e) {
      // The last sample serves until the store is back; each period asks once.
      log.debug("event=store_clock_not_read cause={}", e.getClass().getSimpleName());
      Sample before = last;
      if (before != null) {
        last = new Sample(before.micros(), before.nanos(), before.error(), nanoTime.getAsLong());
      }
    } finally {
      sampling.set(false);
    }
  }

  private Sample sample() {
    Sample taken = read();
    // The first answer may have waited for a connection; a quick one tells the time better.
    for (int i = 1; i < TRIES && taken.error() > GOOD_MICROS; i++) {
      Sample again = read();
      taken = again.error() < taken.error() ? again : taken;
    }
    Sample before = last;
    // A difference smaller than what can be measured is no reason to step, least of all back.
    if (before != null
        && before.error() <= taken.error()
        && Math.abs(before.at(taken.nanos()) - taken.micros()) <= before.error() + taken.error()) {
      taken = new Sample(before.micros(), before.nanos(), before.error(), taken.takenAt());
    }
    last = taken;
    return taken;
  }

  private Sample read() {
    long begin = nanoTime.getAsLong();
    long micros = storeMicros.getAsLong();
    long end = nanoTime.getAsLong();
    return new Sample(micros, begin + (end - begin) / 2, (end - begin) / 2000, end);
  }
}
