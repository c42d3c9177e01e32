package io.quikqueue.domain.usecase.cancel;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.ChangeOnRequest;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.InstantSource;

/**
 * Calls a job off. One that has not started never starts: a worker asks the store before it starts
 * an attempt. One that runs is interrupted within about a second, and its result is refused.
 */
public final class Cancel {

  private final ChangeOnRequest change;

  /**
   * @param clock the store's clock
   */
  public Cancel(JobStore store, InstantSource clock) {
    this.change = new ChangeOnRequest(store, Verb.CANCEL, job -> job.cancel(clock.instant()));
  }

  /**
   * Cancels a job that is not over.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult cancel(Caller caller, JobId id) {
    return change.apply(id);
  }
}
