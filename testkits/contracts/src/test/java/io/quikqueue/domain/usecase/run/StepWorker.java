package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.run.CrashQuarantine.Turn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * The parts of {@link Worker} without its threads: each method is what one of them does in one turn
 * of its loop. A handler runs from the step that starts it to the step that lets it return.
 */
public final class StepWorker {

  private final WorkerSettings settings;
  private final Set<String> types;
  private final QueueSlots queueSlots;
  private final ReadyQueue ready;
  private final JobStore store;
  private final InstantSource clock;
  private final Consumer<Job> started;
  private final AttemptLeases leases;
  private final AttemptAdmitter admitter;
  private final RunAttempt runAttempt;
  private final CompletionWriter writer;
  private final Map<AttemptId, ActiveAttempt> held = new LinkedHashMap<>();
  private final CrashQuarantine quarantine;
  private final Set<ActiveAttempt> begun = new HashSet<>();
  private final List<CompletionWriter.Entry> entries = new ArrayList<>();

  /**
   * @param started told of each job whose handler begins
   */
  public StepWorker(
      WorkerSettings settings,
      ReadyQueue ready,
      JobStore store,
      Handlers handlers,
      InstantSource clock,
      DoubleSupplier random,
      Consumer<Job> started) {
    this.settings = settings;
    this.types = handlers.types();
    this.queueSlots = new QueueSlots(settings.queueSlots(), settings.slots());
    this.ready = ready;
    this.store = store;
    this.clock = clock;
    this.started = started;
    this.quarantine =
        new CrashQuarantine(
            held, begun::isEmpty, () -> nanos(clock), settings.slots(), settings.suspect());
    Finish finish = new Finish(store, ready, _ -> {}, Meter.NONE);
    this.leases = new AttemptLeases(ready, settings);
    this.admitter = new AttemptAdmitter(settings, leases, store, finish, clock, held, quarantine);
    this.runAttempt = new RunAttempt(handlers, settings.maxResult(), clock, random);
    this.writer = new CompletionWriter(store, finish, settings.id());
  }

  /** Takes as many jobs as there are free slots and starts those that may. */
  public void take() {
    int free = settings.slots() - (int) running().count();
    if (free == 0) {
      return;
    }
    switch (quarantine.next()) {
      case Turn.Open() -> takeAndStart(free);
      case Turn.Closed() -> {}
      case Turn.Trial trial -> admitter.startTrial(trial, this::start, this::end);
      case Turn.Join(var tried) -> admitter.join(tried);
    }
  }

  private void takeAndStart(int free) {
    List<JobMessage> taken;
    try {
      taken =
          ready.take(
              new TakeRequest(
                  settings.id(),
                  settings.queues(),
                  types,
                  free,
                  queueSlots.room(),
                  settings.lease(),
                  Duration.ZERO));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a simulation", e);
    }
    if (!taken.isEmpty()) {
      admitter.startAll(taken, this::start, this::end);
    }
  }

  private static long nanos(InstantSource clock) {
    return clock.millis() * 1_000_000;
  }

  private void start(ActiveAttempt attempt) {
    begun.add(attempt);
    queueSlots.hold(attempt.job().spec().queue());
    started.accept(attempt.job());
  }

  /** Whether a handler of this attempt runs. */
  public boolean runs(AttemptId id) {
    return begun.stream().anyMatch(attempt -> attempt.id().equals(id));
  }

  /** Lets the handler that has run the longest return. */
  public void letOneReturn() {
    running().findFirst().ifPresent(attempt -> end(attempt, runAttempt.run(attempt)));
  }

  /** Lets the handler of this attempt return, if it runs here. */
  public void letReturn(AttemptId id) {
    running()
        .filter(attempt -> attempt.id().equals(id))
        .findFirst()
        .ifPresent(attempt -> end(attempt, runAttempt.run(attempt)));
  }

  /** All handlers have run for so long that their jobs are to be marked RUNNING. */
  public void askMarks() {
    running()
        .filter(ActiveAttempt::askMark)
        .forEach(attempt -> entries.add(new CompletionWriter.Entry(attempt, null)));
  }

  /** Writes marks and outcomes; when that fails they are kept for the next time. */
  public void record() {
    if (entries.isEmpty()) {
      return;
    }
    List<CompletionWriter.Entry> batch = List.copyOf(entries);
    List<JobMessage> handedBack = writer.write(batch);
    entries.subList(0, batch.size()).clear();
    for (CompletionWriter.Entry entry : batch) {
      if (entry.outcome() != null) {
        held.remove(entry.attempt().id(), entry.attempt());
      }
    }
    leases.giveBack(handedBack);
  }

  /** Renews all leases and stops what was lost. */
  public void beat() {
    leases.renew(this::leased, this::lost);
  }

  private List<JobMessage> leased() {
    List<JobMessage> leased = admitter.waiting();
    held.values().stream()
        .filter(attempt -> !attempt.lost())
        .map(ActiveAttempt::message)
        .forEach(leased::add);
    return leased;
  }

  private void lost(AttemptId id) {
    admitter.lost(id);
    stop(id, ActiveAttempt.Stop.LOST);
  }

  /** Stops what was cancelled. */
  public void stopCancelled() {
    List<AttemptId> ids = running().map(ActiveAttempt::id).toList();
    if (!ids.isEmpty()) {
      Set<AttemptId> current = store.current(ids);
      ids.stream()
          .filter(id -> !current.contains(id))
          .forEach(id -> stop(id, ActiveAttempt.Stop.CANCELLED));
    }
  }

  /** Interrupts all handlers because the worker is to go away; returns what will be handed back. */
  public List<AttemptId> interruptAll() {
    leases.giveBack(quarantine.drain());
    List<AttemptId> interrupted = new ArrayList<>();
    for (ActiveAttempt attempt : running().toList()) {
      attempt.stop(ActiveAttempt.Stop.DRAINED, 0);
      end(attempt, new AttemptOutcome.Released(clock.instant()));
      interrupted.add(attempt.id());
    }
    return interrupted;
  }

  /** Whether nothing runs and nothing is left to write. */
  public boolean idle() {
    return held.isEmpty() && quarantine.isEmpty() && entries.isEmpty();
  }

  private Stream<ActiveAttempt> running() {
    return held.values().stream().filter(attempt -> !attempt.over());
  }

  private void stop(AttemptId id, ActiveAttempt.Stop why) {
    ActiveAttempt attempt = held.get(id);
    if (attempt != null && !attempt.over()) {
      attempt.stop(why, 0);
    }
  }

  private void end(ActiveAttempt attempt, AttemptOutcome outcome) {
    if (begun.remove(attempt)) {
      queueSlots.giveBack(attempt.job().spec().queue());
    }
    if (attempt.end()) {
      entries.add(new CompletionWriter.Entry(attempt, outcome));
    }
  }
}
