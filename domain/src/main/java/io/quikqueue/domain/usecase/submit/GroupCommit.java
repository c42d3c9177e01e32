package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.batch.Batcher;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes in the jobs of concurrent clients: each job is admitted by itself, many are stored in one
 * transaction. What was accepted before under the same idempotency key is answered with its job,
 * whether or not it would be admitted today.
 */
public final class GroupCommit implements AutoCloseable {

  private static final int CAPACITY = 20_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final Submit submit;
  private final Admission admission;
  private final Batcher<JobRequest, SubmitResult> batcher;

  /**
   * In one lane, so that the jobs of an ordering key, and those that may be the only ones of
   * theirs, are stored in the order they come in.
   */
  private final Batcher<JobRequest, SubmitResult> ordered;

  /**
   * @param lanes transactions under way at once, without that for jobs whose order counts
   * @param apart after one with several jobs the next waits for as many, so long at most
   */
  public GroupCommit(Submit submit, Admission admission, int lanes, Duration apart) {
    this.submit = submit;
    this.admission = admission;
    this.batcher = batcher("submit", lanes, apart);
    this.ordered = lanes == 1 ? batcher : batcher("submit-ordered", 1, apart);
  }

  private Batcher<JobRequest, SubmitResult> batcher(String name, int lanes, Duration apart) {
    return new Batcher<>(name, lanes, CAPACITY, Submit.MAX_BATCH, apart, MAX_WAIT, submit::submit);
  }

  private Batcher<JobRequest, SubmitResult> batcherOf(JobRequest request) {
    JobSpec job = request.spec();
    return job.orderingKey() == null && job.unique() == null ? batcher : ordered;
  }

  /**
   * Stores one job and returns when it is durable or refused.
   *
   * @throws InvalidFieldException when it is not admitted
   * @throws io.quikqueue.domain.access.QuotaExceededException when it is beyond the caller's quota
   * @throws OverloadedException when too much is waiting; the job was not stored
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; whether
   *     the job was stored is unknown
   */
  public SubmitResult submit(Caller caller, JobRequest asked) {
    JobRequest request = asked.of(caller);
    Admission.Entry entry;
    try {
      entry = admission.admit(caller, request.spec());
    } catch (OutOfScopeException e) {
      throw e; // so it was before
    } catch (InvalidFieldException e) {
      return earlier(request, e);
    }
    boolean committed = false;
    try {
      caller.allowance().take(1);
      SubmitResult stored = await(batcherOf(request).submit(request));
      committed = stored instanceof SubmitResult.Accepted;
      return stored;
    } finally {
      entry.settle(committed);
    }
  }

  /**
   * Hands one job in without waiting for it, for callers that have many, and have taken all of them
   * from their {@linkplain Caller#allowance allowance} before.
   *
   * @return completes when the job is durable or refused, or with what {@link #submit} throws then
   * @throws InvalidFieldException when it is not admitted
   * @throws io.quikqueue.domain.port.UnavailableException when the store has to be asked for that
   *     and cannot be reached; the job was not stored
   * @throws OverloadedException when too much is waiting; the job was not stored
   */
  public CompletableFuture<SubmitResult> begin(Caller caller, JobRequest asked) {
    JobRequest request = asked.of(caller);
    Admission.Entry entry;
    try {
      entry = admission.admit(caller, request.spec());
    } catch (OutOfScopeException e) {
      throw e; // so it was before
    } catch (InvalidFieldException e) {
      return CompletableFuture.completedFuture(earlier(request, e));
    }
    try {
      return batcherOf(request)
          .submit(request)
          .whenComplete((stored, _) -> entry.settle(stored instanceof SubmitResult.Accepted));
    } catch (OverloadedException e) {
      entry.settle(false);
      throw e;
    }
  }

  private SubmitResult earlier(JobRequest request, InvalidFieldException refusal) {
    return submit.earlier(request).orElseThrow(() -> refusal);
  }

  @Override
  public void close() {
    batcher.close();
    ordered.close();
  }

  private static SubmitResult await(CompletableFuture<SubmitResult> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
