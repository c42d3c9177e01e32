package io.quikqueue.domain.usecase.dispatch;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import java.util.List;

/**
 * Moves jobs into the ready queue as they are announced, where no stream stands in between. The
 * ready queue leaves to the store what it has no room for.
 */
public final class DirectDispatch {

  private final ReadyQueue ready;
  private final Meter meter;

  public DirectDispatch(ReadyQueue ready, Meter meter) {
    this.ready = ready;
    this.meter = meter;
  }

  /**
   * Pushes a batch.
   *
   * @param jobs at most 1,000 that are QUEUED
   * @throws io.quikqueue.domain.port.UnavailableException when the ready queue cannot be reached
   */
  public void dispatch(List<Job> jobs) {
    ready.push(jobs);
    meter.dispatched(jobs.size());
  }
}
