package io.quikqueue.domain.usecase.stats;

import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.stats.MinuteCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Stores what this process counted, every ten seconds. What it counted since then is lost when it
 * is killed. For one thread.
 */
public final class RecordStats {

  private static final Duration EVERY = Duration.ofSeconds(10);

  private final MinuteTallies tallies;
  private final JobStats stats;
  private final InstantSource clock;
  private final String process;

  /**
   * @param clock the store's clock
   * @param process its id, another after each start
   */
  public RecordStats(CountingMeter meter, JobStats stats, InstantSource clock, String process) {
    this.tallies = meter.tallies();
    this.stats = stats;
    this.clock = clock;
    this.process = process;
  }

  /**
   * Stores what has changed.
   *
   * @return how long to wait until the next time
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; all is
   *     kept, for an hour
   */
  public Duration record() {
    Instant now = clock.instant();
    List<MinuteCounts> counts = tallies.unstored(now, process);
    if (!counts.isEmpty()) {
      stats.record(counts);
    }
    tallies.stored(counts);
    Instant end = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    Duration left = Duration.between(now, end);
    return left.compareTo(EVERY) < 0 ? left : EVERY;
  }
}
