package io.quikqueue.domain.usecase.stats;

import io.quikqueue.domain.port.JobStats;
import java.time.Duration;
import java.time.InstantSource;

/** Deletes the counts of minutes that nobody can ask for any more, in small batches. */
public final class PruneStats {

  private static final int BATCH = 500;

  /** A step that begins before the range does is shown whole. */
  private static final Duration KEPT = ReadStats.LONGEST.plusHours(1);

  private final JobStats stats;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public PruneStats(JobStats stats, InstantSource clock) {
    this.stats = stats;
    this.clock = clock;
  }

  /**
   * Deletes one batch.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public boolean prune() {
    return stats.prune(clock.instant().minus(KEPT), BATCH) == BATCH;
  }
}
