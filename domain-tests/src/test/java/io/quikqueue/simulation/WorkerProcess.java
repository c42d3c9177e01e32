package io.quikqueue.simulation;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import io.quikqueue.domain.usecase.run.CrashQuarantine;
import io.quikqueue.domain.usecase.run.StepWorker;
import io.quikqueue.domain.usecase.run.WorkerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** A worker process with two slots. Each start of it is a worker of its own. */
final class WorkerProcess implements Actor {

  private final String name;
  private final Set<String> types;
  private final Simulation world;
  private StepWorker worker;
  private int startsOfProcess;
  private long takenAt;
  private long lookedAt;

  /**
   * @param types those that it has handlers for
   */
  WorkerProcess(String name, Set<String> types, Simulation world) {
    this.name = name;
    this.types = types;
    this.world = world;
    this.worker = start();
  }

  private StepWorker start() {
    startsOfProcess++;
    WorkerSettings settings =
        new WorkerSettings(
            name + "." + startsOfProcess,
            Set.of(),
            2,
            1,
            1,
            Simulation.LEASE,
            CrashQuarantine::startsMarked);
    return new StepWorker(
        settings,
        world.ready,
        world.store,
        new Outcomes(),
        world.closed,
        world.clock,
        () -> world.random.nextDouble(),
        this::started);
  }

  private void started(Job job) {
    if (!types.contains(job.spec().type())) {
      throw new Violation(name + " has no handler for " + job.spec().type());
    }
    world.trace("handler of %s begins at %s", Brief.of(job.attemptId()), name);
    world.ledger.started(job.attemptId(), takenAt, lookedAt);
  }

  /** This worker has just taken jobs. */
  void took(long tick) {
    takenAt = tick;
    lookedAt = tick;
  }

  /** This worker has just asked whether jobs may start, or go on. */
  void looked(long tick) {
    lookedAt = tick;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void act(SplittableRandom random) {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> worker.take();
      case 5, 6, 7 -> worker.letOneReturn();
      case 8, 9, 10 -> worker.record();
      case 11 -> worker.askMarks();
      case 12 -> worker.beat();
      case 13 -> worker.stopCancelled();
      case 14 -> {
        worker.letOneReturn();
        worker.record();
      }
      default -> drain();
    }
  }

  private void drain() {
    List<AttemptId> back = worker.interruptAll();
    world.ledger.handedBack(back);
    worker.record();
    world.ledger.drained(back);
    worker = start();
  }

  void beat() {
    worker.beat();
  }

  @Override
  public void die() {
    worker = start();
  }

  @Override
  public void settle() {
    worker.beat();
    worker.stopCancelled();
    worker.record();
    worker.take();
    worker.letOneReturn();
    worker.letOneReturn();
    worker.record();
  }

  /** Whether a handler of this attempt runs here. */
  boolean runs(AttemptId attempt) {
    return worker.runs(attempt);
  }

  boolean idle() {
    return worker.idle();
  }

  /** Handlers that mostly succeed. */
  private final class Outcomes implements Handlers {

    @Override
    public Optional<JobHandler> find(String type) {
      return Optional.of(
          _ ->
              switch (world.random.nextInt(10)) {
                case 0, 1 -> throw new IllegalStateException("it did not work");
                case 2 -> throw new PermanentFailureException("it never will");
                case 3 -> throw new PostponedException(Duration.ofSeconds(1), "it is full", "wait");
                case 4 ->
                    throw PostponedException.askedByDestination(
                        Duration.ofSeconds(1), "it asks", "wait", Duration.ofSeconds(2));
                case 5 -> throw new PostponedException(Duration.ofSeconds(1), "it is shut", null);
                default -> new JobHandler.Result("1", null);
              });
    }

    @Override
    public Set<String> types() {
      return types;
    }
  }
}
