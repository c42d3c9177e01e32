package io.quikqueue.domain.usecase.cancel;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.ChangeOnRequest;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Calls a job off. One that has not started never starts: a worker asks the store before it starts
 * an attempt. One that runs is interrupted within about a second, and its result is refused.
 */
public final class Cancel {

  private final ChangeOnRequest change;
  private final Consumer<Job> ended;

  /**
   * @param clock the store's clock
   * @param ended told of each cancelled job; must neither block nor throw
   */
  public Cancel(JobStore store, InstantSource clock, Consumer<Job> ended) {
    this.change = new ChangeOnRequest(store, Verb.CANCEL, job -> job.cancel(clock.instant()).job());
    this.ended = ended;
  }

  /**
   * Cancels a job that is not over.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult cancel(Caller caller, JobId id) {
    TransitionResult answer = change.apply(id);
    if (answer instanceof TransitionResult.Changed(Job after)) {
      ended.accept(after);
    }
    return answer;
  }
}
