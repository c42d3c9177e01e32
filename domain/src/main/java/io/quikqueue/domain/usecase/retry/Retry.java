package io.quikqueue.domain.usecase.retry;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.ChangeOnRequest;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** Runs a job again that FAILED, was CANCELLED or EXPIRED. */
public final class Retry {

  private final ChangeOnRequest change;
  private final Consumer<List<Job>> announce;

  /**
   * @param clock the store's clock
   * @param announce gets committed QUEUED jobs; must neither block for long nor throw
   */
  public Retry(JobStore store, InstantSource clock, Consumer<List<Job>> announce) {
    this.change = new ChangeOnRequest(store, Verb.RETRY, job -> job.retry(clock.instant()).job());
    this.announce = announce;
  }

  /**
   * Queues the job's next attempt.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult retry(Caller caller, JobId id) {
    TransitionResult answer = change.apply(id);
    if (answer instanceof TransitionResult.Changed(Job after)) {
      announce.accept(List.of(after));
    }
    return answer;
  }
}
