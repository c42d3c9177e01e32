package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.Backoff;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.run.CrashQuarantine.Turn;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;

/**
 * Runs jobs: takes only types it has handlers for, no more than it has free slots and one queue may
 * hold, and none while it holds 64 MiB of payloads and results, asks the store whether each may
 * still start, runs each on a thread of its own, keeps their leases alive, and hands outcomes to
 * the {@link CompletionBatcher}. A slot is free again when its handler returns, not when the
 * outcome is recorded; unrecorded outcomes have a bound of their own.
 */
public final class Worker {

  private static final Logger LOG = System.getLogger(Worker.class.getName());
  private static final int MAX_TAKE = 500;
  private static final int MAX_UNRECORDED = 2_000;
  private static final long MAX_HELD_CHARS = 64L << 20;
  private static final Duration TAKE_WAIT = Duration.ofSeconds(1);
  private static final Duration SHORT_WAIT = Duration.ofMillis(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);
  private static final Duration RECORD_PATIENCE = Duration.ofSeconds(10);

  private final WorkerSettings settings;
  private final Set<String> types;
  private final ReadyQueue ready;
  private final AttemptLeases leases;
  private final AttemptAdmitter admitter;
  private final RunAttempt runAttempt;
  private final InstantSource clock;
  private final Meter meter;
  private final CompletionBatcher batcher;
  private final AttemptSupervisor supervisor;
  private final Map<AttemptId, ActiveAttempt> held = new ConcurrentHashMap<>();
  private final CrashQuarantine quarantine;
  private final AtomicInteger busy = new AtomicInteger();
  private final Set<ActiveAttempt> stuck = ConcurrentHashMap.newKeySet();
  private final Semaphore slots;
  private final QueueSlots queueSlots;
  private final Semaphore room;
  private final HandlerThreads handlerThreads = new HandlerThreads();
  private final Thread taker;
  private volatile boolean draining;

  /**
   * @param clock the store's clock
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter of retries
   */
  public Worker(
      WorkerSettings settings,
      ReadyQueue ready,
      JobStore store,
      Finish finish,
      Handlers handlers,
      InstantSource clock,
      DoubleSupplier random,
      Meter meter) {
    this.settings = settings;
    this.types = Set.copyOf(handlers.types());
    this.ready = ready;
    this.quarantine =
        new CrashQuarantine(
            held, () -> busy.get() == 0, System::nanoTime, settings.slots(), settings.suspect());
    this.leases = new AttemptLeases(ready, settings);
    this.admitter = new AttemptAdmitter(settings, leases, store, finish, clock, held, quarantine);
    this.runAttempt = new RunAttempt(handlers, settings.maxResult(), clock, random);
    this.clock = clock;
    this.meter = meter;
    this.slots = new Semaphore(settings.slots());
    this.queueSlots = new QueueSlots(settings.queueSlots(), settings.slots());
    this.room = new Semaphore(settings.slots() + MAX_UNRECORDED);
    this.batcher =
        new CompletionBatcher(
            new CompletionWriter(store, finish, settings.id()),
            leases,
            settings.lanes(),
            this::recorded);
    this.supervisor =
        new AttemptSupervisor(held, admitter, leases, store, batcher, settings, this::abandon);
    this.taker = Thread.ofPlatform().name("take").daemon().unstarted(this::takeUntilDrained);
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
    draining = true;
    List<ActiveAttempt> causes =
        held.values().stream().filter(attempt -> end.isCausedBy(attempt.thread())).toList();
    causes.forEach(attempt -> crash(attempt, true));
    try {
      taker.join(TAKE_WAIT.plus(LONGEST_PAUSE).plus(STOP_GRACE));
      leases.giveBack(quarantine.drain());
      if (!allOverWithin(patience)) {
        if (end.isFromInside() && causes.isEmpty()) {
          held.values().forEach(attempt -> crash(attempt, false));
        }
        held.values().forEach(a -> a.stop(ActiveAttempt.Stop.DRAINED, System.nanoTime()));
        if (!allOverWithin(STOP_GRACE)) {
          held.values().forEach(a -> end(a, new AttemptOutcome.Released(clock.instant())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  /** How many handlers run now. */
  public int busy() {
    return busy.get();
  }

  /** How many slots are kept by handlers that did not stop when they were asked to. */
  public int stuck() {
    return stuck.size();
  }

  /** What runs now. */
  public List<AttemptSnapshot> running() {
    return held.values().stream()
        .filter(attempt -> !attempt.over())
        .map(ActiveAttempt::snapshot)
        .toList();
  }

  private boolean allOverWithin(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!held.values().stream().allMatch(ActiveAttempt::over)) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return true;
  }

  private void takeUntilDrained() {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    boolean failing = false;
    while (!draining) {
      try {
        takeOnce();
        if (failing) {
          LOG.log(Level.INFO, "event=take_recovered");
        }
        failing = false;
        backoff.reset();
      } catch (UnavailableException e) {
        if (!failing) {
          LOG.log(Level.WARNING, () -> "event=take_waiting reason=\"" + e.getMessage() + '"');
        }
        failing = true;
        LockSupport.parkNanos(this, backoff.next().toNanos());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "event=take_error", e);
        LockSupport.parkNanos(this, LONGEST_PAUSE.toNanos());
      }
    }
  }

  private void takeOnce() throws InterruptedException {
    if (heldChars() > MAX_HELD_CHARS) {
      TimeUnit.MILLISECONDS.sleep(10);
      return;
    }
    queueSlots.awaitRoom();
    int free = grab(slots, MAX_TAKE);
    int places = free == 0 ? 0 : grab(room, free);
    slots.release(free - places);
    if (places == 0) {
      return;
    }
    int started = 0;
    try {
      started = startNext(places);
    } finally {
      slots.release(places - started);
      room.release(places - started);
    }
  }

  /** Does what it is the turn of; returns how many attempts are held, at most {@code most}. */
  private int startNext(int most) throws InterruptedException {
    return switch (quarantine.next()) {
      case Turn.Open() -> takeAndStart(most);
      case Turn.Closed() -> {
        LockSupport.parkNanos(this, SHORT_WAIT.toNanos());
        yield 0;
      }
      case Turn.Trial trial -> {
        int started = admitter.startTrial(trial, this::start, this::endUnstarted);
        supervisor.wake();
        yield started;
      }
      case Turn.Join(var tried) -> {
        admitter.join(tried);
        yield 0;
      }
    };
  }

  private int takeAndStart(int most) throws InterruptedException {
    List<JobMessage> taken =
        ready.take(
            new TakeRequest(
                settings.id(),
                settings.queues(),
                types,
                most,
                queueSlots.room(),
                settings.lease(),
                takeWait()));
    int started = taken.isEmpty() ? 0 : startAll(taken);
    queueSlots.took(taken);
    if (!taken.isEmpty() && (started == 0 || quarantine.isFull())) {
      LockSupport.parkNanos(this, FIRST_PAUSE.toNanos()); // what went back would come at once
    }
    return started;
  }

  /** Not at all while a queue is full, since the ready queue does not hear when it has room. */
  private Duration takeWait() {
    if (queueSlots.anyFull()) {
      return Duration.ZERO;
    }
    return quarantine.isEmpty() ? TAKE_WAIT : SHORT_WAIT;
  }

  private long heldChars() {
    long chars = 0;
    for (JobMessage message : quarantine.waiting()) {
      chars += message.job().chars();
    }
    for (ActiveAttempt attempt : held.values()) {
      chars += attempt.chars();
    }
    return chars;
  }

  /** Takes up to {@code most} permits, waiting a moment for the first. */
  private static int grab(Semaphore semaphore, int most) throws InterruptedException {
    if (!semaphore.tryAcquire(500, TimeUnit.MILLISECONDS)) {
      return 0;
    }
    int more = Math.min(most - 1, semaphore.availablePermits());
    return more > 0 && semaphore.tryAcquire(more) ? more + 1 : 1;
  }

  private int startAll(List<JobMessage> taken) {
    if (draining) {
      leases.giveBack(taken);
      return 0;
    }
    int started = admitter.startAll(taken, this::start, this::endUnstarted);
    supervisor.wake();
    return started;
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
      queueSlots.giveBack(attempt.job().spec().queue());
      endUnstarted(attempt, new AttemptOutcome.Released(clock.instant()));
    }
  }

  private void endUnstarted(ActiveAttempt attempt, AttemptOutcome outcome) {
    slots.release();
    end(attempt, outcome);
  }

  private void run(ActiveAttempt attempt) {
    attempt.begin(Thread.currentThread(), System.nanoTime());
    busy.incrementAndGet();
    AttemptOutcome outcome;
    try {
      outcome = runAttempt.run(attempt);
    } finally {
      attempt.returned();
      stuck.remove(attempt);
      busy.decrementAndGet();
      slots.release();
      queueSlots.giveBack(attempt.job().spec().queue());
    }
    end(attempt, outcome);
  }

  /** Its handler does not heed the interrupt: it keeps its slot, but its attempt is over. */
  private void abandon(ActiveAttempt attempt) {
    if (attempt.thread() != null) {
      stuck.add(attempt);
      if (attempt.hasReturned()) {
        stuck.remove(attempt);
      }
    }
    end(attempt, runAttempt.stuck(attempt));
  }

  private void end(ActiveAttempt attempt, AttemptOutcome outcome) {
    if (attempt.end()) {
      attempt.hold(outcome);
      AttemptMeasure.tell(meter, attempt, outcome);
      batcher.end(attempt, outcome);
    }
  }

  private void recorded(ActiveAttempt attempt) {
    held.remove(attempt.id(), attempt);
    room.release();
  }
}
