package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * Runs jobs: the threads and slots around an {@link AttemptLifecycle}. It takes only types it has
 * handlers for ({@link JobTaker}) and runs each job on a thread of its own. A slot is free again
 * when its handler returns, not when the outcome is recorded; unrecorded outcomes have a bound of
 * their own. A handler that does not stop when it is asked to is abandoned: its attempt is over and
 * its slot is free, unless too many others have been abandoned and have not returned yet.
 */
public final class Worker {

  private static final Logger LOG = System.getLogger(Worker.class.getName());
  private static final int MAX_UNRECORDED = 2_000;
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);
  private static final Duration RECORD_PATIENCE = Duration.ofSeconds(10);

  private final AttemptLifecycle lifecycle;
  private final RunAttempt runAttempt;
  private final InstantSource clock;
  private final CompletionBatcher batcher;
  private final LogBatcher logs;
  private final AttemptSupervisor supervisor;
  private final AtomicInteger busy = new AtomicInteger();

  /** Attempts that are over while their handlers still run, and whether these keep their slots. */
  private final Map<ActiveAttempt, Boolean> abandoned = new ConcurrentHashMap<>();

  private final int mostAbandoned;
  private final Slots slots;
  private final QueueSlots queueSlots;
  private final HandlerThreads handlerThreads = new HandlerThreads();
  private final JobTaker taker;

  /**
   * @param clock the store's clock
   * @param pauses says what is not to be taken
   * @param limits say how much of the rest to take
   * @param closed the destinations that are to be called later
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter of retries
   */
  public Worker(
      WorkerSettings settings,
      ReadyQueue ready,
      JobStore store,
      JobJournal journal,
      Finish finish,
      Handlers handlers,
      PausesInForce pauses,
      LimitsInForce limits,
      ClosedDestinations closed,
      InstantSource clock,
      DoubleSupplier random,
      Meter meter) {
    this.lifecycle =
        new AttemptLifecycle(
            settings,
            ready,
            store,
            journal,
            finish,
            clock,
            System::nanoTime,
            () -> busy.get() == 0,
            meter);
    this.runAttempt =
        new RunAttempt(
            handlers,
            new DestinationGate(closed, System::nanoTime),
            settings.maxResult(),
            clock,
            random);
    this.clock = clock;
    this.mostAbandoned = settings.mostAbandoned();
    this.slots = new Slots(settings.slots(), MAX_UNRECORDED);
    this.queueSlots = new QueueSlots(settings.queueSlots(), settings.slots());
    this.batcher = new CompletionBatcher(lifecycle, settings.lanes(), _ -> slots.recorded());
    this.logs = new LogBatcher(lifecycle, batcher::complete);
    this.supervisor =
        new AttemptSupervisor(
            lifecycle,
            settings.lease(),
            settings.stopGrace(),
            batcher::mark,
            logs::logged,
            this::abandon);
    this.taker =
        new JobTaker(
            settings,
            handlers.types(),
            pauses,
            limits,
            ready,
            lifecycle,
            slots,
            queueSlots,
            this::start,
            this::admitted);
  }

  /** Begins to take jobs. */
  public void start() {
    supervisor.start();
    taker.start();
  }

  /**
   * Takes no more, lets what runs finish, and after the patience interrupts what is left and hands
   * it back. An attempt whose handler ends this process counts a crash; if something else in it
   * does, those that are left do. Returns when every outcome is recorded, or ten seconds after the
   * store did not take them.
   */
  public void drain(Duration patience) {
    drain(patience, ProcessEnd.now());
  }

  void drain(Duration patience, ProcessEnd end) {
    taker.stop();
    List<ActiveAttempt> causes =
        lifecycle.held().stream().filter(attempt -> end.isCausedBy(attempt.thread())).toList();
    causes.forEach(attempt -> crash(attempt, true));
    try {
      taker.awaitStopped();
      lifecycle.releaseQuarantined();
      if (!allOverWithin(patience)) {
        if (end.isFromInside() && causes.isEmpty()) {
          lifecycle.held().forEach(attempt -> crash(attempt, false));
        }
        lifecycle.held().forEach(a -> a.stop(ActiveAttempt.Stop.DRAINED, System.nanoTime()));
        if (!allOverWithin(STOP_GRACE)) {
          lifecycle.held().forEach(a -> end(a, new AttemptOutcome.Released(clock.instant())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    logs.close(RECORD_PATIENCE);
    batcher.close(RECORD_PATIENCE);
    supervisor.close();
  }

  private void crash(ActiveAttempt attempt, boolean itself) {
    if (!attempt.over()) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=process_ended_by_handler job_id=%s attempt=%d sure=%s"
                  .formatted(attempt.id().job(), attempt.id().number(), itself));
    }
    end(attempt, new AttemptOutcome.Crashed(itself, clock.instant()));
  }

  /**
   * Runs so many jobs at once from now on, so many of one queue. With fewer, what runs goes on, and
   * none starts until fewer run.
   *
   * @param count 0 = none
   */
  public void resize(int count, int ofQueue) {
    if (count != slots.count()) {
      slots.resize(count);
      queueSlots.resize(ofQueue, count);
    }
  }

  /** How many jobs it may run at once now. */
  public int slots() {
    return slots.count();
  }

  /** Takes no jobs while this is true; what runs goes on. */
  public void rest(boolean drained) {
    taker.drain(drained);
  }

  /** Whether it takes jobs, or has none left. */
  public Phase phase() {
    if (!taker.isDraining()) {
      return Phase.RUNNING;
    }
    return taker.isResting() && busy.get() == 0 && lifecycle.held().isEmpty()
        ? Phase.DRAINED
        : Phase.DRAINING;
  }

  /** Renews all leases now, beside the regular renewal. */
  public void renew() {
    lifecycle.renew();
  }

  /** How many handlers run now. */
  public int busy() {
    return busy.get();
  }

  /** How many slots are kept by handlers that did not stop when they were asked to. */
  public int stuck() {
    return (int) abandoned.values().stream().filter(keepsSlot -> keepsSlot).count();
  }

  /** The types of the jobs whose handlers did not stop and still run, one for each of these. */
  public List<String> abandonedTypes() {
    return abandoned.keySet().stream().map(attempt -> attempt.job().spec().type()).toList();
  }

  /** How many handlers that do not stop may go on without their slots. */
  public int mostAbandoned() {
    return mostAbandoned;
  }

  /** What runs now. */
  public List<AttemptSnapshot> running() {
    return lifecycle.running();
  }

  private boolean allOverWithin(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!lifecycle.held().stream().allMatch(ActiveAttempt::over)) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return true;
  }

  /** Those that did not start need no slot; all are supervised. */
  private void admitted(AdmissionResult admission) {
    for (Completion unstarted : admission.ended()) {
      slots.free();
      batcher.complete(unstarted);
    }
    if (admission.held() > 0) {
      supervisor.wake();
    }
  }

  private void start(ActiveAttempt attempt) {
    queueSlots.hold(attempt.job().spec().queue());
    try {
      if (runAttempt.mayCompute(attempt)) {
        handlerThreads.start("job-" + attempt.id().job(), () -> run(attempt));
      } else {
        Thread.ofVirtual().start(() -> run(attempt));
      }
    } catch (OutOfMemoryError e) {
      // The system has no thread left. The attempt goes back, perhaps to another worker.
      LOG.log(Level.ERROR, () -> "event=no_thread job_id=" + attempt.id().job(), e);
      freeSlot(attempt);
      end(attempt, new AttemptOutcome.Released(clock.instant()));
    }
  }

  private void run(ActiveAttempt attempt) {
    attempt.begin(Thread.currentThread(), System.nanoTime());
    busy.incrementAndGet();
    AttemptOutcome outcome;
    try {
      outcome = runAttempt.run(attempt);
    } finally {
      attempt.returned();
      busy.decrementAndGet();
      if (!Boolean.FALSE.equals(abandoned.remove(attempt))) {
        freeSlot(attempt);
      }
    }
    end(attempt, outcome);
  }

  /** Its handler does not heed the interrupt: its attempt is over. For the supervisor alone. */
  private void abandon(ActiveAttempt attempt) {
    if (attempt.thread() != null) {
      boolean keepsSlot = abandoned.size() >= mostAbandoned;
      abandoned.put(attempt, keepsSlot);
      boolean returned = attempt.hasReturned() && abandoned.remove(attempt) != null;
      if (!returned) { // else its own thread has seen to the slot
        LOG.log(
            Level.WARNING,
            () ->
                "event=handler_abandoned job_id=%s attempt=%d type=%s keeps_slot=%s"
                    .formatted(
                        attempt.id().job(),
                        attempt.id().number(),
                        attempt.job().spec().type(),
                        keepsSlot));
        if (!keepsSlot) {
          freeSlot(attempt);
        }
      }
    }
    end(attempt, runAttempt.stuck(attempt));
  }

  private void freeSlot(ActiveAttempt attempt) {
    slots.free();
    queueSlots.giveBack(attempt.job().spec().queue());
  }

  private void end(ActiveAttempt attempt, AttemptOutcome outcome) {
    Completion completion = lifecycle.end(attempt, outcome);
    if (completion == null) {
      return;
    }
    if (attempt.hasUnstoredLines()) {
      logs.complete(completion);
    } else {
      batcher.complete(completion);
    }
  }
}
