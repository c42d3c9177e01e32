package io.quikqueue.domain.usecase.move;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Gives jobs that wait another priority or queue. A job that is QUEUED in the store may run
 * already, since short jobs are not marked RUNNING. So its attempt is leased first, as a worker
 * does: what a worker has is left alone, and no worker gets what is being moved. When this process
 * dies in between, the lease expires and the attempt is ready again, see {@link #isHolder}. Safe
 * for use by several threads.
 */
public final class MoveJobs {

  private static final String HOLDER = "move:";
  private static final int TRIES = 10;
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final JobStore store;
  private final ReadyQueue ready;
  private final InstantSource clock;
  private final UnaryOperator<Transition> refresh;
  private final String process;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param store whose listeners announce what is moved
   * @param clock the store's clock
   * @param refresh brings the policy of a job that is moved up to date
   * @param process the name of this process, which no other has
   */
  public MoveJobs(
      JobStore store,
      ReadyQueue ready,
      InstantSource clock,
      UnaryOperator<Transition> refresh,
      String process) {
    this.store = store;
    this.ready = ready;
    this.clock = clock;
    this.refresh = refresh;
    this.process = process;
  }

  /** Whether a lease is of an attempt that was not run, since its job was being moved. */
  public static boolean isHolder(String holder) {
    return holder.startsWith(HOLDER);
  }

  /**
   * What became of several jobs.
   *
   * @param moved those that were
   * @param refused those that the store refused
   * @param taken those that a worker has, or that somebody else moves at this moment
   */
  public record Outcome(Set<JobId> moved, Set<JobId> refused, Set<JobId> taken) {}

  /**
   * Moves a job; one that is there already is left as it is.
   *
   * @throws io.quikqueue.domain.job.OutOfScopeException when the queue is outside the caller's
   *     scope
   * @throws UnavailableException when the store or the ready queue cannot be reached
   */
  public TransitionResult move(Caller caller, JobId id, Move to) {
    if (to.queue() != null) {
      caller.scope().requireQueue("queue", to.queue());
    }
    for (int i = 0; i < TRIES; i++) {
      Job job = store.find(List.of(id)).get(id);
      if (job == null) {
        return new TransitionResult.Unknown();
      }
      String problem = to.problem(job.spec());
      if (!job.can(Verb.MOVE)) {
        return new TransitionResult.NotAllowed(job);
      } else if (to.changesNothing(job.spec())) {
        return new TransitionResult.Changed(job);
      } else if (problem != null) {
        return new TransitionResult.Bound(job, problem);
      }
      Outcome outcome = move(List.of(job), to);
      if (outcome.moved().contains(id)) {
        Job moved = store.find(List.of(id)).get(id);
        return moved == null ? new TransitionResult.Unknown() : new TransitionResult.Changed(moved);
      } else if (outcome.taken().contains(id)) {
        return new TransitionResult.Bound(job, "it is being started, or moved by somebody else");
      }
    }
    throw new UnavailableException("store", "job " + id + " changed " + TRIES + " times meanwhile");
  }

  /**
   * Moves jobs that can be. One that is in no set of the outcome has changed meanwhile.
   *
   * @param jobs as they were read, at most 1,000
   * @throws UnavailableException when the store or the ready queue cannot be reached
   */
  public Outcome move(List<Job> jobs, Move to) {
    String holder = HOLDER + process + ":" + calls.incrementAndGet();
    List<Job> queued = jobs.stream().filter(job -> job.state() == JobState.QUEUED).toList();
    Set<AttemptId> taken =
        queued.isEmpty()
            ? Set.of()
            : ready.extend(holder, queued.stream().map(Envelope::of).toList(), LEASE);
    List<Job> held = queued.stream().filter(job -> !taken.contains(job.attemptId())).toList();
    Instant now = clock.instant();
    List<Transition> changes = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      if (!taken.contains(job.attemptId())) {
        changes.add(refresh.apply(job.move(to, now)));
      }
    }
    SaveResult saved;
    try {
      saved = store.save(changes);
    } catch (UnavailableException e) {
      letGo(holder, held, Set.of());
      throw e;
    }
    letGo(holder, held, saved.applied());
    return new Outcome(jobsOf(saved.applied()), jobsOf(saved.refused().keySet()), jobsOf(taken));
  }

  /** What was not moved may run again as it is. */
  private void letGo(String holder, List<Job> held, Set<AttemptId> moved) {
    if (held.isEmpty()) {
      return;
    }
    try {
      ready.ack(held.stream().map(Job::attemptId).filter(moved::contains).toList());
      ready.release(holder, held.stream().filter(job -> !moved.contains(job.attemptId())).toList());
    } catch (UnavailableException e) {
      // The lease expires.
    }
  }

  private static Set<JobId> jobsOf(Set<AttemptId> attempts) {
    Set<JobId> jobs = new HashSet<>();
    attempts.forEach(attempt -> jobs.add(attempt.job()));
    return jobs;
  }
}
