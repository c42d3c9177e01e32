package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.Outage;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The leases of a worker. They are not renewed while jobs are given back, since one that was ready
 * again already would then be leased to a worker that does not hold it any more.
 */
final class AttemptLeases {

  private static final Logger LOG = System.getLogger(AttemptLeases.class.getName());
  private static final int BATCH = 500;

  private final ReadyQueue ready;
  private final String worker;
  private final Duration length;
  private final LongSupplier nanoTime;

  /** When the last renewal began that reached the ready queue with all. */
  private long renewed;

  private final Outage outage = new Outage("lease-renewal");

  /**
   * @param nanoTime monotonic time
   */
  AttemptLeases(ReadyQueue ready, WorkerSettings settings, LongSupplier nanoTime) {
    this.ready = ready;
    this.worker = settings.id();
    this.length = settings.lease();
    this.nanoTime = nanoTime;
    this.renewed = nanoTime.getAsLong();
  }

  /** Lets any worker take jobs that are held here no longer; at worst their leases run out. */
  void giveBack(List<Job> jobs) {
    if (!jobs.isEmpty()) {
      release(jobs);
    }
  }

  private synchronized void release(List<Job> jobs) {
    try {
      ready.release(worker, jobs);
    } catch (UnavailableException e) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=release_failed attempts=%d reason=\"%s\""
                  .formatted(jobs.size(), e.getMessage()));
    }
  }

  /**
   * Renews leases.
   *
   * @param held asked what this worker holds
   * @param lost told of each attempt that is not this worker's any more
   */
  synchronized void renew(Supplier<List<Job>> held, Consumer<AttemptId> lost) {
    long begun = nanoTime.getAsLong();
    List<Job> all = held.get();
    boolean reached = true;
    for (int i = 0; i < all.size(); i += BATCH) {
      reached &= renew(all.subList(i, Math.min(i + BATCH, all.size())), lost);
    }
    if (!reached) {
      return;
    }
    long since = nanoTime.getAsLong() - renewed;
    if (!all.isEmpty() && since > length.toNanos()) {
      LOG.log(Level.WARNING, () -> late(all.size(), since));
    }
    renewed = begun;
  }

  /** What to say of leases that may have run out, so that others run the jobs too. */
  private String late(int attempts, long since) {
    return "event=leases_renewed_late attempts=%d after_ms=%d lease_ms=%d"
        .formatted(attempts, TimeUnit.NANOSECONDS.toMillis(since), length.toMillis());
  }

  /**
   * Renews leases for so long.
   *
   * @param held asked what to renew, at most 1,000
   * @param lost told of each attempt that is not this worker's any more
   * @throws UnavailableException when the ready queue cannot be reached
   */
  synchronized void extend(Supplier<List<Job>> held, Duration lease, Consumer<AttemptId> lost) {
    List<Envelope> envelopes = held.get().stream().map(Envelope::of).toList();
    if (!envelopes.isEmpty()) {
      ready.extend(worker, envelopes, lease).forEach(lost);
    }
  }

  /** Whether the ready queue was reached. */
  private boolean renew(List<Job> part, Consumer<AttemptId> lost) {
    try {
      List<Envelope> envelopes = part.stream().map(Envelope::of).toList();
      ready.extend(worker, envelopes, length).forEach(lost);
      outage.recovered();
      return true;
    } catch (UnavailableException e) {
      outage.stalled(e);
      return false;
    }
  }
}
