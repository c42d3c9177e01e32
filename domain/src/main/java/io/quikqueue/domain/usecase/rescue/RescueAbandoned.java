package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import java.util.List;

/**
 * At the start of a process that is the only worker: every job marked RUNNING was abandoned by the
 * process before.
 */
public final class RescueAbandoned {

  private static final int BATCH = 500;

  private final ActiveJobs active;
  private final RecordCrash recordCrash;

  public RescueAbandoned(ActiveJobs active, RecordCrash recordCrash) {
    this.active = active;
    this.recordCrash = recordCrash;
  }

  /**
   * Rescues them all. To be called before any job is taken.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public void rescue() {
    List<Job> page = active.scan(JobState.RUNNING, null, BATCH);
    while (!page.isEmpty()) {
      recordCrash.record(page.stream().map(job -> new RecordCrash.Crashed(job, null)).toList());
      page = active.scan(JobState.RUNNING, page.getLast().id(), BATCH);
    }
  }
}
