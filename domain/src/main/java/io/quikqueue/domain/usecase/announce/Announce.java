package io.quikqueue.domain.usecase.announce;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.Outbox;
import java.util.List;

/**
 * Announces committed jobs, then deletes their outbox rows. When it fails in between, the rows stay
 * and the jobs are announced again, which dispatch recognises.
 */
public final class Announce {

  private final JobStream stream;
  private final Outbox outbox;
  private final Meter meter;

  public Announce(JobStream stream, Outbox outbox, Meter meter) {
    this.stream = stream;
    this.outbox = outbox;
    this.meter = meter;
  }

  /**
   * Announces jobs in order.
   *
   * @param jobs QUEUED and committed, at most 1,000
   * @throws io.quikqueue.domain.port.UnavailableException when the stream or the store cannot be
   *     reached
   */
  public void announce(List<Job> jobs) {
    publish(jobs);
    clean(jobs.stream().map(Job::attemptId).toList());
  }

  /** Announces jobs and lets their outbox rows be; otherwise as {@link #announce}. */
  void publish(List<Job> jobs) {
    stream.announce(jobs);
    meter.announced(jobs.size());
  }

  /**
   * Deletes the outbox rows of what was announced.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  void clean(List<AttemptId> announced) {
    outbox.delete(announced);
  }
}
