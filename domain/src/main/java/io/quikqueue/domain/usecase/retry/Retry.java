package io.quikqueue.domain.usecase.retry;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.ChangeOnRequest;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Runs a job again that FAILED, was CANCELLED or EXPIRED. */
public final class Retry {

  private final JobStore store;
  private final InstantSource clock;
  private final Consumer<JobSpec> check;
  private final UnaryOperator<Transition> refresh;
  private final ChangeOnRequest change;

  /**
   * Takes whatever a job is asked for anew, and leaves jobs the policies that they have.
   *
   * @param clock the store's clock
   */
  public Retry(JobStore store, InstantSource clock) {
    this(store, clock, _ -> {}, UnaryOperator.identity());
  }

  /**
   * @param clock the store's clock
   * @param check of what jobs are asked for anew; throws as a submit does
   * @param refresh brings the policy of a job that is retried up to date
   */
  public Retry(
      JobStore store,
      InstantSource clock,
      Consumer<JobSpec> check,
      UnaryOperator<Transition> refresh) {
    this.store = store;
    this.clock = clock;
    this.check = check;
    this.refresh = refresh;
    this.change = new ChangeOnRequest(store, Verb.RETRY, this::again);
  }

  /**
   * Queues the job's next attempt.
   *
   * @throws io.quikqueue.domain.access.QuotaExceededException when it is beyond the caller's quota
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult retry(Caller caller, JobId id) {
    caller.allowance().take(1);
    return change.apply(id);
  }

  /**
   * Queues the job's next attempt with what it is asked for changed, as a new generation; when
   * nothing is changed, as {@link #retry(Caller, JobId)} does. Of several at once one has an
   * effect.
   *
   * @param edit of what the job was asked for, other than its type and queue; may be called several
   *     times
   * @throws io.quikqueue.domain.job.InvalidFieldException when there can be no such job
   * @throws io.quikqueue.domain.job.InvalidPayloadException when the payload does not fit its type
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult retry(Caller caller, JobId id, UnaryOperator<JobSpec> edit) {
    caller.allowance().take(1);
    return new ChangeOnRequest(store, Verb.RETRY, job -> edited(job, edit)).apply(id);
  }

  private Transition again(Job job) {
    return refresh.apply(job.retry(clock.instant()));
  }

  private Transition edited(Job job, UnaryOperator<JobSpec> edit) {
    JobSpec spec = edit.apply(job.spec());
    if (spec.equals(job.spec())) {
      return again(job);
    }
    check.accept(spec);
    return refresh.apply(job.retry(spec, clock.instant()));
  }
}
