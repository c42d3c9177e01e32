package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.run.CrashQuarantine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes over attempts whose lease has expired: the job gets its next attempt, or fails when that
 * has happened too often. An attempt that was handed back without the ready queue hearing of it
 * just becomes ready again. When this process dies in between, the lease expires again and another
 * rescuer starts anew.
 */
public final class ReclaimExpiredLeases {

  private static final int BATCH = 200;

  /** Tells the leases of rescuers from those of workers. */
  private static final String RESCUER = "rescue:";

  private final ReadyQueue ready;
  private final JobStore store;
  private final RecordCrash recordCrash;
  private final String rescuer;
  private final Duration lease;

  public ReclaimExpiredLeases(
      ReadyQueue ready, JobStore store, RecordCrash recordCrash, String rescuer, Duration lease) {
    this.ready = ready;
    this.store = store;
    this.recordCrash = recordCrash;
    this.rescuer = RESCUER + rescuer;
    this.lease = lease;
  }

  /**
   * Reclaims one batch.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the store or the ready queue cannot
   *     be reached
   */
  public boolean reclaim() {
    List<ExpiredLease> expired = ready.reclaimExpired(rescuer, BATCH, lease);
    if (expired.isEmpty()) {
      return false;
    }
    Map<JobId, Job> now = store.find(expired.stream().map(each -> each.attempt().job()).toList());
    List<RecordCrash.Crashed> crashed = new ArrayList<>(expired.size());
    List<AttemptId> over = new ArrayList<>(expired.size());
    List<Job> handedBack = new ArrayList<>();
    for (ExpiredLease each : expired) {
      AttemptId attempt = each.attempt();
      Job job = now.get(attempt.job());
      if (job != null && isHandedBack(job, each)) {
        handedBack.add(job);
        continue;
      }
      if (job != null && job.state().active() && job.attemptId().equals(attempt)) {
        crashed.add(new RecordCrash.Crashed(job, workerOf(each)));
      }
      over.add(attempt); // rescued right now, or its job had moved on
    }
    recordCrash.record(crashed);
    ready.ack(over);
    if (!handedBack.isEmpty()) {
      ready.release(rescuer, handedBack);
    }
    return true;
  }

  private static @Nullable String workerOf(ExpiredLease lease) {
    String holder = lease.holder();
    return holder == null || holder.startsWith(RESCUER) ? null : holder;
  }

  private static boolean wasBeingMoved(ExpiredLease lease) {
    String holder = lease.holder();
    return holder != null && MoveJobs.isHolder(holder);
  }

  /**
   * Whether the attempt is QUEUED although it has moved since the ready queue got it: its worker
   * handed it back, and the ready queue did not hear of it. Or although it crashed before, so that
   * it would be RUNNING if it had started: it only waited in the hands of a worker. Or nobody was
   * to run it: its job was being moved.
   */
  private static boolean isHandedBack(Job job, ExpiredLease lease) {
    return job.state() == JobState.QUEUED
        && job.attemptId().equals(lease.attempt())
        && (CrashQuarantine.startsMarked(job)
            || !job.updatedAt().equals(lease.updatedAt())
            || wasBeingMoved(lease));
  }
}
