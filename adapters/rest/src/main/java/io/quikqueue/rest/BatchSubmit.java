package io.quikqueue.rest;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.submit.GroupCommit;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.rest.BatchReader.BatchItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Submits a batch: some jobs are on their way while others are being handed in, but never so many
 * that the batch takes the place of everyone else. Used once.
 */
final class BatchSubmit {

  private static final int ON_THE_WAY = 1_000;

  private final GroupCommit submit;
  private final Caller caller;
  private final ToldProblems told;
  private final Deque<CompletableFuture<Outcome>> onTheWay = new ArrayDeque<>(ON_THE_WAY);
  private final List<Outcome> outcomes;
  private @Nullable Problem away;

  private BatchSubmit(GroupCommit submit, Caller caller, int size, ToldProblems told) {
    this.submit = submit;
    this.caller = caller;
    this.told = told;
    this.outcomes = new ArrayList<>(size);
  }

  /** What became of an item. */
  sealed interface Outcome {

    /**
     * @param conflict what became of a job whose unique key this one holds; null = this is the job
     */
    record Accepted(JobId id, JobState state, @Nullable String conflict) implements Outcome {}

    /** Accepted before, and deleted since it ended; the state is null when it is not known. */
    record Deleted(JobId id, @Nullable JobState state) implements Outcome {}

    record Refused(Problem problem) implements Outcome {}
  }

  /**
   * Submits what is wanted.
   *
   * @param told has room for what is found wrong now
   * @return one outcome per item, in order
   * @throws io.quikqueue.domain.access.QuotaExceededException when they are more than the caller's
   *     quota allows; none was submitted
   * @throws ProblemException 503 when not one could be stored since the service cannot do it now
   */
  static List<Outcome> run(
      GroupCommit submit, Caller caller, List<BatchItem> items, ToldProblems told) {
    caller
        .allowance()
        .take(Math.toIntExact(items.stream().filter(BatchItem.Valid.class::isInstance).count()));
    BatchSubmit batch = new BatchSubmit(submit, caller, items.size(), told);
    items.forEach(batch::add);
    while (!batch.onTheWay.isEmpty()) {
      batch.collect();
    }
    Problem why = batch.away;
    if (why != null && batch.outcomes.stream().allMatch(Outcome.Refused.class::isInstance)) {
      throw new ProblemException(why);
    }
    return batch.outcomes;
  }

  private void add(BatchItem item) {
    if (onTheWay.size() == ON_THE_WAY) {
      collect();
    }
    onTheWay.add(
        switch (item) {
          case BatchItem.Valid(JobRequest request) -> begin(request);
          case BatchItem.Invalid(Problem problem) -> refused(problem);
        });
  }

  /** Once the store is away the rest is not tried: each try would take as long as the first. */
  private CompletableFuture<Outcome> begin(JobRequest request) {
    if (away != null) {
      return refused(LeaseProblems.notTried());
    }
    try {
      return submit.begin(caller, request).thenApply(BatchSubmit::outcome);
    } catch (InvalidFieldException e) {
      return refused(told.told(Problems.of(e)));
    } catch (UnavailableException | OverloadedException e) {
      return refused(problem(e));
    }
  }

  private void collect() {
    Outcome outcome;
    try {
      outcome = onTheWay.remove().join();
    } catch (CompletionException e) {
      outcome = new Outcome.Refused(problem(e.getCause() == null ? e : e.getCause()));
    }
    outcomes.add(outcome);
  }

  private Problem problem(Throwable cause) {
    away = ErrorTable.problem(cause);
    return away;
  }

  private static CompletableFuture<Outcome> refused(Problem problem) {
    return CompletableFuture.completedFuture(new Outcome.Refused(problem));
  }

  private static Outcome outcome(SubmitResult stored) {
    return switch (stored) {
      case SubmitResult.Accepted(Job job) -> new Outcome.Accepted(job.id(), job.state(), null);
      case SubmitResult.Dropped(Job job, _) -> new Outcome.Accepted(job.id(), job.state(), null);
      case SubmitResult.Replayed(Job job) -> new Outcome.Accepted(job.id(), job.state(), null);
      case SubmitResult.SlotTaken(Job holder) -> new Outcome.Refused(JobProblems.slotTaken(holder));
      case SubmitResult.Existing(Job holder) ->
          new Outcome.Accepted(holder.id(), holder.state(), JobSubmitter.EXISTING);
      case SubmitResult.Replaced(Job holder) ->
          new Outcome.Accepted(holder.id(), holder.state(), JobSubmitter.REPLACED);
      case SubmitResult.ReplayedDeleted(JobId id, JobState state) -> new Outcome.Deleted(id, state);
      case SubmitResult.KeyReused(JobId first) ->
          new Outcome.Refused(Problems.keyReused(IdempotencyKeys.FIELD, first));
      case SubmitResult.Full full -> new Outcome.Refused(JobProblems.queueFull(full));
      case SubmitResult.Refused(String reason) -> new Outcome.Refused(JobProblems.refused(reason));
    };
  }
}
