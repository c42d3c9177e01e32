package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.finish.Finish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Writes what happened to the attempts of a worker: RUNNING marks and outcomes. */
final class CompletionWriter {

  /** Nodes that the attempts of one transaction add; a single one may add more. */
  static final int MOST_ADDED = 2_000;

  /** Characters of the payloads of those nodes, likewise. */
  static final long MOST_ADDED_CHARS = 16L << 20;

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
    List<Transition> changes = new ArrayList<>();
    List<ActiveAttempt> marked = new ArrayList<>();
    for (ActiveAttempt attempt : lasting) {
      Job stored = attempt.stored();
      if (!attempt.over() && stored.state() == JobState.QUEUED) {
        marked.add(attempt);
        changes.add(stored.start(attempt.startedAt()).by(worker));
      }
    }
    if (changes.isEmpty()) {
      return;
    }
    Set<AttemptId> applied = store.save(changes).applied();
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
   * Records outcomes, in one transaction unless they add many nodes. When it throws, nothing of the
   * batch may be taken for written, and the whole batch is to be written again.
   *
   * @return what was handed back, for {@link AttemptLeases#giveBack} once this worker holds it no
   *     longer
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  List<Job> complete(List<Completion> batch) {
    List<Transition> changes = new ArrayList<>(batch.size());
    List<AttemptId> superseded = new ArrayList<>();
    List<Transition> handedBack = new ArrayList<>();
    for (Completion completion : batch) {
      ActiveAttempt attempt = completion.attempt();
      switch (completion.outcome()) {
        case AttemptOutcome.LeaseLost() -> {}
        case AttemptOutcome.Superseded() -> superseded.add(attempt.id());
        case AttemptOutcome.Released(var at) ->
            handedBack.add(attempt.stored().release(at).by(worker));
        case AttemptOutcome.Succeeded(var result, var at, var spawned) ->
            changes.add(
                ran(attempt, job -> job.succeed(result.json(), result.note(), at))
                    .spawning(spawned));
        case AttemptOutcome.Failed(var failure, var random, var at) ->
            changes.add(ran(attempt, job -> job.fail(failure, random, at)));
        case AttemptOutcome.Postponed(var put, var random, var at) ->
            changes.add(postponed(attempt, put, random, at));
        case AttemptOutcome.Suspended(var until, var why, var at) ->
            changes.add(ran(attempt, job -> job.suspend(until, why, at)));
        case AttemptOutcome.Crashed(var itself, var at) ->
            changes.add(ran(attempt, job -> itself ? job.exit(at) : job.rescue(at)));
        case AttemptOutcome.Expired(var at) -> changes.add(attempt.stored().expire(at).by(worker));
      }
    }
    List<Job> released = writeHandedBack(handedBack, superseded);
    for (List<Transition> part : parts(changes)) {
      finish.finish(part);
    }
    if (!superseded.isEmpty()) {
      finish.forget(superseded);
    }
    return released;
  }

  /** The changes of each transaction, in their order. */
  private static List<List<Transition>> parts(List<Transition> changes) {
    List<List<Transition>> parts = new ArrayList<>(1);
    int from = 0;
    int added = 0;
    long chars = 0;
    for (int i = 0; i < changes.size(); i++) {
      List<SpawnedNode> spawned = changes.get(i).spawned();
      long more = chars(spawned);
      boolean full = added + spawned.size() > MOST_ADDED || chars + more > MOST_ADDED_CHARS;
      if (added > 0 && !spawned.isEmpty() && full) {
        parts.add(changes.subList(from, i));
        from = i;
        added = 0;
        chars = 0;
      }
      added += spawned.size();
      chars += more;
    }
    if (from < changes.size()) {
      parts.add(changes.subList(from, changes.size()));
    }
    return parts;
  }

  private static long chars(List<SpawnedNode> nodes) {
    return nodes.stream().mapToLong(node -> node.job().spec().payload().length()).sum();
  }

  /**
   * Records that attempts were handed back, marked or not, so that rescue can tell it from a crash
   * if the ready queue does not learn of it.
   *
   * @param superseded gets those whose job has moved on
   * @return the others
   */
  private List<Job> writeHandedBack(List<Transition> handedBack, List<AttemptId> superseded) {
    List<Job> released = new ArrayList<>(handedBack.size());
    if (handedBack.isEmpty()) {
      return released;
    }
    Set<AttemptId> applied = store.save(handedBack).applied();
    for (Transition change : handedBack) {
      if (applied.contains(change.attempt())) {
        released.add(change.after());
      } else {
        superseded.add(change.attempt());
      }
    }
    return released;
  }

  /** An attempt of which nothing was sent has not started. */
  private Transition postponed(ActiveAttempt attempt, Postponement put, double random, Instant at) {
    return put.answer() == null
        ? attempt.stored().postpone(put, random, at).by(worker)
        : ran(attempt, job -> job.postpone(put, random, at));
  }

  private Transition ran(ActiveAttempt attempt, Function<Job, Transition> verb) {
    return attempt.running(verb).by(worker);
  }
}
