package io.quikqueue.domain.usecase.run;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.LogLine;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.run.AttemptLifecycle.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * A worker without threads: it drives an {@link AttemptLifecycle} step by step, and each step is
 * what one thread of {@link Worker} does in one turn of its loop. A handler runs from the step that
 * starts it to the step that lets it return.
 */
public final class StepWorker {

  private final WorkerSettings settings;
  private final Set<String> types;
  private final ReadyQueue ready;
  private final InstantSource clock;
  private final Consumer<Job> started;
  private final AttemptLifecycle lifecycle;
  private final RunAttempt runAttempt;
  private final QueueSlots queueSlots;
  private final Set<ActiveAttempt> running = new LinkedHashSet<>();
  private final List<ActiveAttempt> marks = new ArrayList<>();
  private final List<Completion> completions = new ArrayList<>();

  /**
   * @param started told of each job whose handler begins
   */
  public StepWorker(
      WorkerSettings settings,
      ReadyQueue ready,
      JobStore store,
      Handlers handlers,
      ClosedDestinations closed,
      InstantSource clock,
      DoubleSupplier random,
      Consumer<Job> started) {
    this.settings = settings;
    this.types = handlers.types();
    this.ready = ready;
    this.clock = clock;
    this.started = started;
    this.lifecycle =
        new AttemptLifecycle(
            settings,
            ready,
            store,
            new JobJournal(new NoLogs(), new NoSteps(), new InMemoryStore(clock).workflows()),
            new Finish(store, ready, Meter.NONE),
            clock,
            () -> clock.millis() * 1_000_000,
            running::isEmpty,
            Meter.NONE);
    this.runAttempt =
        new RunAttempt(
            handlers,
            new DestinationGate(closed, () -> clock.millis() * 1_000_000),
            settings.maxResult(),
            clock,
            random);
    this.queueSlots = new QueueSlots(settings.queueSlots(), settings.slots());
  }

  /** What is simulated keeps nothing. */
  private static final class NoSteps implements JobSteps {
    @Override
    public Answer keep(AttemptId attempt, JobStep step) {
      return new Answer.Stale();
    }

    @Override
    public Answer await(AttemptId attempt, JobStep wait) {
      return new Answer.Stale();
    }

    @Override
    public List<JobStep> steps(JobId job) {
      return List.of();
    }
  }

  /** What is simulated logs nothing. */
  private static final class NoLogs implements JobLogs {
    @Override
    public void append(List<LogLine> lines) {}

    @Override
    public List<Numbered> lines(JobId job, long after, int limit) {
      return List.of();
    }
  }

  /** Takes as many jobs as there are free slots and starts those that may. */
  public void take() {
    int free = settings.slots() - running.size();
    if (free == 0) {
      return;
    }
    switch (lifecycle.next(_ -> true, this::start)) {
      case Step.Take() -> admit(taken(free));
      case Step.Wait() -> {}
      case Step.Admitted(var admission) -> completions.addAll(admission.ended());
    }
  }

  private List<Job> taken(int most) {
    try {
      return ready.take(
          new TakeRequest(
              settings.id(),
              settings.queues(),
              types,
              most,
              queueSlots.room(),
              settings.lease(),
              Duration.ZERO));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a simulation", e);
    }
  }

  private void admit(List<Job> taken) {
    if (!taken.isEmpty()) {
      completions.addAll(lifecycle.admit(taken, this::start).ended());
    }
  }

  private void start(ActiveAttempt attempt) {
    running.add(attempt);
    queueSlots.hold(attempt.job().spec().queue());
    started.accept(attempt.job());
  }

  /** Whether a handler of this attempt runs. */
  public boolean runs(AttemptId id) {
    return running.stream().anyMatch(attempt -> attempt.id().equals(id));
  }

  /** Lets the handler that has run the longest return. */
  public void letOneReturn() {
    running.stream().findFirst().ifPresent(this::letReturn);
  }

  /** Lets the handler of this attempt return, if it runs here. */
  public void letReturn(AttemptId id) {
    running.stream()
        .filter(attempt -> attempt.id().equals(id))
        .findFirst()
        .ifPresent(this::letReturn);
  }

  private void letReturn(ActiveAttempt attempt) {
    end(attempt, runAttempt.run(attempt));
  }

  /** All handlers have run for so long that their jobs are to be marked RUNNING. */
  public void askMarks() {
    running.stream().filter(ActiveAttempt::askMark).forEach(marks::add);
  }

  /** Writes marks and outcomes; when that fails they are kept for the next time. */
  public void record() {
    lifecycle.mark(marks);
    marks.clear();
    lifecycle.complete(completions);
    completions.clear();
  }

  /** Renews all leases and stops what was lost. */
  public void beat() {
    lifecycle.renew();
  }

  /** Stops what was cancelled. */
  public void stopCancelled() {
    lifecycle.stopSuperseded(List.copyOf(running));
  }

  /** Interrupts all handlers because the worker is to go away; returns what will be handed back. */
  public List<AttemptId> interruptAll() {
    lifecycle.releaseQuarantined();
    List<AttemptId> interrupted = new ArrayList<>();
    for (ActiveAttempt attempt : List.copyOf(running)) {
      attempt.stop(ActiveAttempt.Stop.DRAINED, 0);
      end(attempt, new AttemptOutcome.Released(clock.instant()));
      interrupted.add(attempt.id());
    }
    return interrupted;
  }

  /** Whether nothing runs and nothing is left to write. */
  public boolean idle() {
    return lifecycle.held().isEmpty()
        && !lifecycle.quarantines()
        && marks.isEmpty()
        && completions.isEmpty();
  }

  private void end(ActiveAttempt attempt, AttemptOutcome outcome) {
    if (running.remove(attempt)) {
      queueSlots.giveBack(attempt.job().spec().queue());
    }
    Completion completion = lifecycle.end(attempt, outcome);
    if (completion != null) {
      completions.add(completion);
    }
  }
}
