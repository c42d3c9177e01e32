package io.quikqueue.domain.usecase.prune;

import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Deletes jobs and workflows that ended longer ago than the retention, or than that of their queue,
 * and idempotency keys that have expired, in small batches. Not safe for use by several threads.
 */
public final class Prune {

  private static final int BATCH = 500;

  private static final int WORKFLOWS = 5;

  private final JobStore store;
  private final Workflows workflows;
  private final InstantSource clock;
  private final Duration retention;
  private final PruneQueues queues;

  /**
   * @param figures how many jobs queues have
   * @param limits those in force
   * @param clock the store's clock
   */
  public Prune(
      JobStore store,
      Workflows workflows,
      Queues figures,
      Supplier<LimitTable> limits,
      InstantSource clock,
      Duration retention) {
    this.queues = new PruneQueues(store, figures, limits, clock);
    this.store = store;
    this.workflows = workflows;
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
    boolean moreJobs = store.prune(now.minus(retention), queues.withAges(), BATCH) == BATCH;
    boolean moreKeys = store.pruneKeys(now, BATCH) == BATCH;
    boolean moreWorkflows = workflows.prune(now.minus(retention), WORKFLOWS) == WORKFLOWS;
    boolean moreOfQueues = queues.prune();
    return moreJobs || moreOfQueues || moreKeys || moreWorkflows;
  }
}
