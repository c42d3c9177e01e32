package io.quikqueue.domain.usecase.stats;

import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.domain.usecase.RecentlyUsed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How fast attempts of a queue ended in the last five minutes. The store is asked once in ten
 * seconds for a queue, by one caller, for a thousand queues. Safe for use by several threads.
 */
public final class QueuePace {

  private static final int MOST_QUEUES = 1_000;
  private static final int MINUTES = 5;
  private static final long REFRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private final JobStats stats;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final RecentlyUsed<String, Seen> queues = new RecentlyUsed<>(MOST_QUEUES);

  /** What was seen of a queue. */
  private static final class Seen {

    final AtomicLong asked;
    volatile double perSecond = Double.NaN;

    Seen(long asked) {
      this.asked = new AtomicLong(asked);
    }
  }

  /**
   * @param clock the store's clock
   * @param nanos monotonic time
   */
  public QueuePace(JobStats stats, InstantSource clock, LongSupplier nanos) {
    this.stats = stats;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Attempts per second; null when none ended, or the store could not be asked. */
  public @Nullable Double of(String queue) {
    long now = nanos.getAsLong();
    Seen seen = queues.get(queue, _ -> new Seen(now - REFRESH_NANOS));
    long before = seen.asked.get();
    if (now - before >= REFRESH_NANOS && seen.asked.compareAndSet(before, now)) {
      try {
        seen.perSecond = read(queue);
      } catch (UnavailableException e) {
        seen.perSecond = Double.NaN; // what is told without it is worth an answer
      }
    }
    double pace = seen.perSecond;
    return pace > 0 ? (Double) pace : null;
  }

  private double read(String queue) {
    Instant now = clock.instant();
    Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
    Instant from = minute.minus(MINUTES, ChronoUnit.MINUTES);
    long ended =
        stats.read(StatsScope.queue(queue), from, minute.plus(1, ChronoUnit.MINUTES)).stream()
            .map(MinuteCounts::counts)
            .mapToLong(QueuePace::ended)
            .sum();
    return ended / (Duration.between(from, now).toMillis() / 1000.0);
  }

  private static long ended(JobCounts counts) {
    return counts.done() + counts.failedAttempts();
  }
}
