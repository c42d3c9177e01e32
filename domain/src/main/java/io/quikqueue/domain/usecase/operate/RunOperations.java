package io.quikqueue.domain.usecase.operate;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.port.OperationStep;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.skip.SkipHeads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Makes operations on many jobs, those under way by turns, some jobs at a time. Where it stands is
 * kept after each step, so that another process can go on. A step that was not kept, because the
 * process was killed, is made again: its jobs are no longer in the state that the action needs, so
 * that they are skipped. It is called by the process that leads; two that both believe they do
 * change no job twice, and count each once. Not safe for use by several threads.
 */
public final class RunOperations {

  /** How many jobs a dry run counts. */
  public static final int MOST_COUNTED = 100_000;

  private static final int PAGE = 200;

  /** Whole jobs in memory at once: each may have a large payload. */
  private static final int WHOLE_JOBS = 25;

  /** A job may start or be woken between being read and being changed. */
  private static final int TRIES = 3;

  private static final Duration IDLE = Duration.ofSeconds(1);

  private final Operations operations;
  private final JobStore store;
  private final DeadLetters dead;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final UnaryOperator<Transition> refresh;
  private final MoveJobs move;
  private final SkipHeads heads;
  private final Map<JobId, Long> notBefore = new HashMap<>();

  /**
   * @param store whose listeners announce what is retried
   * @param clock the store's clock
   * @param nanos monotonic time
   * @param refresh brings the policy of a job that is retried up to date
   * @param move gives jobs another priority or queue
   */
  public RunOperations(
      Operations operations,
      JobStore store,
      DeadLetters dead,
      InstantSource clock,
      LongSupplier nanos,
      UnaryOperator<Transition> refresh,
      MoveJobs move) {
    this.operations = operations;
    this.store = store;
    this.dead = dead;
    this.clock = clock;
    this.nanos = nanos;
    this.refresh = refresh;
    this.move = move;
    this.heads = new SkipHeads(store, clock);
  }

  /**
   * Makes one step of each operation whose turn it is.
   *
   * @return how long to wait before the next call
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Duration run() {
    List<Operation> running =
        operations.underWay().stream()
            .filter(operation -> operation.state() == OperationState.RUNNING)
            .toList();
    notBefore.keySet().retainAll(running.stream().map(Operation::id).toList());
    Duration wait = IDLE;
    for (Operation operation : running) {
      if (isDue(operation)) {
        step(operation);
      }
      Duration its = left(operation);
      wait = its.compareTo(wait) < 0 ? its : wait;
    }
    return wait;
  }

  private boolean isDue(Operation operation) {
    return !left(operation).isPositive();
  }

  private Duration left(Operation operation) {
    Long due = notBefore.get(operation.id());
    return due == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, due - nanos.getAsLong()));
  }

  private void step(Operation operation) {
    JobId cursor = operation.cursor();
    if (cursor == null) {
      operations.move(operation.id(), Set.of(OperationState.RUNNING), OperationState.DONE, now());
      return;
    }
    long begun = nanos.getAsLong();
    JobPage page = page(operation, cursor);
    OperationStep step = operation.dryRun() ? count(operation, page) : change(operation, page);
    Operation after = operation.after(step, page.next(), now());
    boolean done = page.next() == null || (operation.dryRun() && after.seen() >= MOST_COUNTED);
    operations.advance(operation, after, done);
    Integer rate = operation.rate();
    if (rate != null && !operation.dryRun()) {
      long tried = step.changed() + step.failed();
      notBefore.put(
          operation.id(),
          begun + Duration.ofSeconds(1).multipliedBy(tried).dividedBy(rate).toNanos());
    }
  }

  private JobPage page(Operation operation, JobId cursor) {
    Integer rate = operation.rate();
    int limit = rate == null || operation.dryRun() ? PAGE : Math.min(PAGE, rate);
    JobFilter filter = operation.filter();
    String group = filter.dead();
    if (group == null) {
      return store.list(filter.page(cursor, limit));
    }
    JobPage all = dead.jobs(group, filter.scope(), cursor, limit);
    return new JobPage(
        all.jobs().stream().filter(job -> matches(filter, job)).toList(), all.next());
  }

  private static boolean matches(JobFilter filter, Job job) {
    return (filter.state() == null || filter.state() == job.state())
        && (filter.queue() == null || filter.queue().equals(job.spec().queue()))
        && (filter.type() == null || filter.type().equals(job.spec().type()))
        && filter.scope().covers(job.spec())
        && job.spec().labels().entrySet().containsAll(filter.labels().entrySet());
  }

  private static OperationStep count(Operation operation, JobPage page) {
    long fit = page.jobs().stream().filter(job -> fits(operation, job)).count();
    return new OperationStep(page.jobs().size(), fit, page.jobs().size() - fit, 0);
  }

  /**
   * What ended after the operation began has been changed by it, or had been given a new chance.
   */
  private static boolean fits(Operation operation, Job job) {
    Instant finished = job.finishedAt();
    boolean endedBefore = finished != null && finished.isBefore(operation.createdAt());
    return switch (operation.action()) {
      case CANCEL -> job.can(Verb.CANCEL);
      case RETRY -> endedBefore && job.can(Verb.RETRY);
      case DISCARD -> endedBefore && job.state().terminal();
      case SET_PRIORITY, MOVE -> operation.to() != null && fits(operation.to(), job);
    };
  }

  private static boolean fits(Move to, Job job) {
    return job.can(Verb.MOVE) && !to.changesNothing(job.spec()) && to.problem(job.spec()) == null;
  }

  private OperationStep change(Operation operation, JobPage page) {
    List<JobId> fitting =
        page.jobs().stream().filter(job -> fits(operation, job)).map(Job::id).toList();
    long changed = 0;
    long failed = 0;
    if (operation.action() == Operation.Action.DISCARD) {
      heads.skipAll(page.jobs().stream().filter(job -> fits(operation, job)).toList());
      changed = store.deleteEnded(fitting, operation.createdAt());
    } else {
      for (int from = 0; from < fitting.size(); from += WHOLE_JOBS) {
        List<JobId> some = fitting.subList(from, Math.min(from + WHOLE_JOBS, fitting.size()));
        Move to = operation.to();
        OperationStep saved = to == null ? save(operation, some) : move(operation, to, some);
        changed += saved.changed();
        failed += saved.failed();
      }
    }
    long seen = page.jobs().size();
    return new OperationStep(seen, changed, seen - changed - failed, failed);
  }

  /** Changes jobs; one that moves on meanwhile is looked at again. */
  private OperationStep save(Operation operation, List<JobId> ids) {
    long changed = 0;
    long failed = 0;
    List<JobId> left = ids;
    for (int i = 0; i < TRIES && !left.isEmpty(); i++) {
      List<Transition> transitions = new ArrayList<>();
      Instant now = now();
      for (Job job : store.find(left).values()) {
        if (matches(operation.filter(), job) && fits(operation, job)) {
          transitions.add(
              operation.action() == Operation.Action.RETRY
                  ? refresh.apply(job.retry(now))
                  : job.cancel(now));
        }
      }
      SaveResult result = store.save(transitions);
      changed += result.applied().size();
      failed += result.refused().size();
      left =
          transitions.stream()
              .map(Transition::attempt)
              .filter(each -> !result.applied().contains(each))
              .filter(each -> !result.refused().containsKey(each))
              .filter(each -> !result.slotTaken().containsKey(each))
              .map(AttemptId::job)
              .toList();
    }
    return new OperationStep(ids.size(), changed, 0, failed);
  }

  /** Moves jobs; one that has changed meanwhile is looked at again, one that runs is left alone. */
  private OperationStep move(Operation operation, Move to, List<JobId> ids) {
    long changed = 0;
    long failed = 0;
    List<JobId> left = ids;
    for (int i = 0; i < TRIES && !left.isEmpty(); i++) {
      List<Job> fitting =
          store.find(left).values().stream()
              .filter(job -> matches(operation.filter(), job) && fits(to, job))
              .toList();
      MoveJobs.Outcome outcome = move.move(fitting, to);
      changed += outcome.moved().size();
      failed += outcome.refused().size();
      left =
          fitting.stream()
              .map(Job::id)
              .filter(id -> !outcome.moved().contains(id))
              .filter(id -> !outcome.refused().contains(id))
              .filter(id -> !outcome.taken().contains(id))
              .toList();
    }
    return new OperationStep(ids.size(), changed, 0, failed);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
