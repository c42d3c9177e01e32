package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.usecase.lease.PullWorkerIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * At the start of a process that is the only worker of this program: every job marked RUNNING was
 * abandoned by the process before, but for those that workers outside this program have leased.
 */
public final class RescueAbandoned {

  private static final int BATCH = 500;

  private final ActiveJobs active;
  private final ReadyQueueRebuild ready;
  private final RecordCrash recordCrash;
  private final Duration lease;

  /**
   * @param lease how long a worker outside this program has to be heard of, to keep its job
   */
  public RescueAbandoned(
      ActiveJobs active, ReadyQueueRebuild ready, RecordCrash recordCrash, Duration lease) {
    this.active = active;
    this.ready = ready;
    this.recordCrash = recordCrash;
    this.lease = lease;
  }

  /**
   * Rescues them all. To be called before any job is taken.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public void rescue() {
    List<Job> page = active.scan(JobState.RUNNING, null, BATCH);
    while (!page.isEmpty()) {
      rescue(page);
      page = active.scan(JobState.RUNNING, page.getLast().id(), BATCH);
    }
  }

  private void rescue(List<Job> page) {
    Map<JobId, String> workers = active.workers(page.stream().map(Job::id).toList());
    List<RecordCrash.Crashed> abandoned = new ArrayList<>(page.size());
    List<Envelope> leased = new ArrayList<>();
    for (Job job : page) {
      String worker = workers.get(job.id());
      if (worker != null && PullWorkerIds.isHolder(worker)) {
        leased.add(Envelope.of(job));
      } else {
        abandoned.add(new RecordCrash.Crashed(job, null));
      }
    }
    recordCrash.record(abandoned);
    ready.assumeLeased(leased, lease);
  }
}
