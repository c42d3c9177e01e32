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
 *
 * <p>It never goes back, so that nothing waits for a time that was near already: when the store's
 * clock was set back, it goes on a tenth slower until the store's has caught up. All processes of a
 * store do so; those that start meanwhile begin at the mark that the others keep.
 */
final class StoreClock implements InstantSource {

  private static final Logger log = LoggerFactory.getLogger(StoreClock.class);
  private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long GOOD_MICROS = 2_000;
  private static final int TRIES = 4;
  private static final long SLOWER_BY = 10;
  private static final long WORTH_A_LINE = 1_000_000;

  /** A mark further ahead than this was left by a clock that was wrong, and is not believed. */
  private static final long MOST_AHEAD_MICROS = Duration.ofDays(1).toNanos() / 1000;

  /**
   * @param micros the store's time at {@code nanos} of monotonic time
   * @param error how far off it may be: half of the time that reading it took
   * @param ahead how far it is ahead of the store's clock, which is made up for slowly
   */
  private record Sample(long micros, long nanos, long error, long takenAt, long ahead) {
    long at(long nanoTime) {
      long passed = (nanoTime - nanos) / 1000;
      return micros + passed - Math.clamp(passed / SLOWER_BY, 0, ahead);
    }

    Sample at(Sample other, long aheadOfIt) {
      return new Sample(at(other.nanos), other.nanos, other.error, other.takenAt, aheadOfIt);
    }

    Sample takenAgain(long at) {
      return new Sample(micros, nanos, error, at, ahead);
    }
  }

  private final LongSupplier storeMicros;
  private final LongSupplier nanoTime;
  private final ClockMark mark;
  private final AtomicBoolean sampling = new AtomicBoolean();
  private volatile @Nullable Sample last;

  /**
   * @param storeMicros reads the store's clock, or throws {@link UnavailableException}
   * @param nanoTime monotonic time
   * @param mark where processes of the store keep how far they are
   */
  StoreClock(LongSupplier storeMicros, LongSupplier nanoTime, ClockMark mark) {
    this.storeMicros = storeMicros;
    this.nanoTime = nanoTime;
    this.mark = mark;
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
        last = before.takenAgain(nanoTime.getAsLong());
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
    if (before == null) {
      taken = startingAt(mark.micros(), taken);
    }
    // A difference smaller than what can be measured is no reason to step, least of all back.
    if (before != null
        && before.error() <= taken.error()
        && Math.abs(before.at(taken.nanos()) - taken.micros()) <= before.error() + taken.error()) {
      taken = before.takenAgain(taken.takenAt());
    } else if (before != null && taken.micros() < before.at(taken.nanos())) {
      taken = goingOn(before, taken);
    }
    last = taken;
    if (taken.ahead() > 0) {
      mark.raise(taken.at(nanoTime.getAsLong()));
    }
    return taken;
  }

  private static Sample startingAt(long mark, Sample taken) {
    long ahead = mark - taken.micros();
    return ahead <= 0 || ahead > MOST_AHEAD_MICROS
        ? taken
        : new Sample(mark, taken.nanos(), taken.error(), taken.takenAt(), ahead);
  }

  private static Sample goingOn(Sample before, Sample taken) {
    long ahead = before.at(taken.nanos()) - taken.micros();
    if (ahead > WORTH_A_LINE && before.ahead() == 0) {
      log.warn("event=clock_set_back by_ms={} slower_by=10%", ahead / 1000);
    }
    return before.at(taken, ahead);
  }

  private Sample read() {
    long begin = nanoTime.getAsLong();
    long micros = storeMicros.getAsLong();
    long end = nanoTime.getAsLong();
    return new Sample(micros, begin + (end - begin) / 2, (end - begin) / 2000, end, 0);
  }
}
