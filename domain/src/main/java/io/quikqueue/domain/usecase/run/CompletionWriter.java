package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.finish.Finish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes what happened to the attempts of a worker: RUNNING marks and outcomes. */
final class CompletionWriter {

  private final JobStore store;
  private final Finish finish;
  private final String worker;

  CompletionWriter(JobStore store, Finish finish, String worker) {
    this.store = store;
    this.finish = finish;
    this.worker = worker;
  }

  /** See {@link AttemptLifecycle#mark}. */
  void mark(List<ActiveAttempt> lasting, long nanos) {
    List<Change> changes = new ArrayList<>();
    List<ActiveAttempt> marked = new ArrayList<>();
    for (ActiveAttempt attempt : lasting) {
      if (!attempt.over() && attempt.stored().state() == JobState.QUEUED) {
        marked.add(attempt);
        changes.add(change(attempt, attempt.running()));
      }
    }
    if (changes.isEmpty()) {
      return;
    }
    Set<AttemptId> applied = store.save(changes);
    for (int i = 0; i < marked.size(); i++) {
      ActiveAttempt attempt = marked.get(i);
      if (applied.contains(attempt.id())) {
        attempt.stored(changes.get(i).after());
      } else {
        attempt.stop(ActiveAttempt.Stop.CANCELLED, nanos);
      }
    }
  }

  /**
   * Records outcomes. When it throws, nothing of the batch may be taken for written, and the whole
   * batch is to be written again.
   *
   * @return what was handed back, for {@link AttemptLeases#giveBack} once this worker holds it no
   *     longer
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  List<JobMessage> complete(List<Completion> batch) {
    List<Change> changes = new ArrayList<>(batch.size());
    List<AttemptId> superseded = new ArrayList<>();
    List<Change> handedBack = new ArrayList<>();
    for (Completion completion : batch) {
      ActiveAttempt attempt = completion.attempt();
      switch (completion.outcome()) {
        case AttemptOutcome.LeaseLost() -> {}
        case AttemptOutcome.Superseded() -> superseded.add(attempt.id());
        case AttemptOutcome.Released(var at) ->
            handedBack.add(change(attempt, attempt.stored().release(at).job()));
        case AttemptOutcome.Succeeded(var result, var at) ->
            changes.add(
                change(attempt, attempt.running().succeed(result.json(), result.note(), at).job()));
        case AttemptOutcome.Failed(var failure, var random, var at) ->
            changes.add(
                new Change(
                    attempt.stored(),
                    attempt.running().fail(failure, random, at).job(),
                    worker,
                    failure));
        case AttemptOutcome.Postponed(var put, var random, var at) ->
            changes.add(change(attempt, postponed(attempt, put, random, at)));
        case AttemptOutcome.Crashed(var itself, var at) -> {
          Job lost = attempt.running();
          changes.add(change(attempt, (itself ? lost.exit(at) : lost.rescue(at)).job()));
        }
        case AttemptOutcome.Expired(var at) ->
            changes.add(change(attempt, attempt.stored().expire(at).job()));
      }
    }
    List<JobMessage> released = writeHandedBack(handedBack, superseded);
    if (!changes.isEmpty()) {
      finish.finish(changes);
    }
    if (!superseded.isEmpty()) {
      finish.forget(superseded);
    }
    return released;
  }

  /**
   * Records that attempts were handed back, marked or not, so that rescue can tell it from a crash
   * if the ready queue does not learn of it.
   *
   * @param superseded gets those whose job has moved on
   * @return the others
   */
  private List<JobMessage> writeHandedBack(List<Change> handedBack, List<AttemptId> superseded) {
    List<JobMessage> released = new ArrayList<>(handedBack.size());
    if (handedBack.isEmpty()) {
      return released;
    }
    Set<AttemptId> applied = store.save(handedBack);
    for (Change change : handedBack) {
      if (applied.contains(change.attempt())) {
        released.add(JobMessage.of(change.after()));
      } else {
        superseded.add(change.attempt());
      }
    }
    return released;
  }

  /** An attempt of which nothing was sent has not started. */
  private static Job postponed(ActiveAttempt attempt, Postponement put, double random, Instant at) {
    Job job = put.answer() == null ? attempt.stored() : attempt.running();
    return job.postpone(put, random, at).job();
  }

  private Change change(ActiveAttempt attempt, Job after) {
    return new Change(attempt.stored(), after, worker);
  }
}
