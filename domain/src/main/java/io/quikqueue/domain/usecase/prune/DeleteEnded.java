package io.quikqueue.domain.usecase.prune;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.skip.SkipHeads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the jobs of a queue that have ended, on request: one request at a time, so that the store
 * has time for the others. A line that one of them holds goes on. Safe for use by several threads.
 */
public final class DeleteEnded {

  private static final int PAGE = 500;
  private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();

  private static final long PATIENCE_SECONDS = 10;

  private final JobStore store;
  private final LongSupplier nanos;
  private final SkipHeads heads;
  private final Semaphore turn = new Semaphore(1, true);

  /**
   * @param store whose listeners announce what is released
   * @param clock the store's clock
   * @param nanos monotonic time
   */
  public DeleteEnded(JobStore store, InstantSource clock, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
    this.heads = new SkipHeads(store, clock);
  }

  /**
   * What one call did.
   *
   * @param jobs how many it deleted
   * @param next where to go on; null = it looked at all jobs of the queue
   */
  public record Deleted(int jobs, @Nullable JobId next) {}

  /**
   * Looks at the jobs of a queue, newest first, for two seconds at most, in small transactions.
   *
   * @param after where a call before stopped; null = from the newest job
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   * @throws OverloadedException when other requests took all the time for ten seconds
   */
  public Deleted ofQueue(Caller caller, String queue, @Nullable JobId after) {
    try {
      if (!turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new OverloadedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException();
    }
    try {
      return delete(queue, after);
    } finally {
      turn.release();
    }
  }

  private Deleted delete(String queue, @Nullable JobId after) {
    long begun = nanos.getAsLong();
    int deleted = 0;
    JobId next = after;
    do {
      JobPage page = store.list(new JobQuery(null, queue, null, Map.of(), next, PAGE));
      List<Job> ended = page.jobs().stream().filter(job -> job.state().terminal()).toList();
      heads.skipAll(ended);
      deleted += store.deleteEnded(ended.stream().map(Job::id).toList());
      next = page.next();
    } while (next != null && nanos.getAsLong() - begun < LONGEST_NANOS);
    return new Deleted(deleted, next);
  }
}
