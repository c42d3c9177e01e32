package io.quikqueue.domain.usecase.retry;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.ChangeOnRequest;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.InstantSource;

/** Runs a job again that FAILED, was CANCELLED or EXPIRED. */
public final class Retry {

  private final ChangeOnRequest change;

  /**
   * @param clock the store's clock
   */
  public Retry(JobStore store, InstantSource clock) {
    this.change = new ChangeOnRequest(store, Verb.RETRY, job -> job.retry(clock.instant()));
  }

  /**
   * Queues the job's next attempt.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult retry(Caller caller, JobId id) {
    return change.apply(id);
  }
}
