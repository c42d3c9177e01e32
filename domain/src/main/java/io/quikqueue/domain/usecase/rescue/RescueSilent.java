package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes over attempts whose lease has gone silent: the job gets its next attempt, or fails when
 * that has happened too often. When this process dies in between, the lease goes silent again and
 * another rescuer starts anew.
 */
public final class RescueSilent {

  private static final int BATCH = 200;

  private final ReadyQueue ready;
  private final JobStore store;
  private final CountCrash countCrash;
  private final String rescuer;
  private final Duration lease;

  public RescueSilent(
      ReadyQueue ready, JobStore store, CountCrash countCrash, String rescuer, Duration lease) {
    this.ready = ready;
    this.store = store;
    this.countCrash = countCrash;
    this.rescuer = rescuer;
    this.lease = lease;
  }

  /**
   * Rescues one batch.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the store or the ready queue cannot
   *     be reached
   */
  public boolean rescue() {
    List<JobMessage> silent = ready.silent(rescuer, BATCH, lease);
    if (silent.isEmpty()) {
      return false;
    }
    List<JobId> ids = new ArrayList<>(silent.size());
    List<AttemptId> leased = new ArrayList<>(silent.size());
    for (JobMessage message : silent) {
      ids.add(message.job().id());
      leased.add(message.job().attemptId());
    }
    Map<JobId, Job> now = store.find(ids);
    List<Job> crashed = new ArrayList<>(silent.size());
    for (AttemptId attempt : leased) {
      Job job = now.get(attempt.job());
      if (job != null && job.state().active() && job.attemptId().equals(attempt)) {
        crashed.add(job);
      }
    }
    countCrash.count(crashed);
    ready.ack(leased); // each is over: rescued just now, or its job had moved on
    return silent.size() == BATCH;
  }
}
