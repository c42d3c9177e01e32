package io.quikqueue.domain.usecase.prune;

import io.quikqueue.domain.port.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Deletes jobs that ended longer ago than the retention, and idempotency keys that have expired, in
 * small batches.
 */
public final class Prune {

  private static final int BATCH = 500;

  private final JobStore store;
  private final InstantSource clock;
  private final Duration retention;

  /**
   * @param clock the store's clock
   */
  public Prune(JobStore store, InstantSource clock, Duration retention) {
    this.store = store;
    this.clock = clock;
    this.retention = retention;
  }

  /**
   * Deletes one batch of each.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public boolean prune() {
    Instant now = clock.instant();
    boolean moreJobs = store.prune(now.minus(retention), BATCH) == BATCH;
    boolean moreKeys = store.pruneKeys(now, BATCH) == BATCH;
    return moreJobs || moreKeys;
  }
}
