package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.Backoff;
import io.quikqueue.domain.batch.Outage;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.run.AttemptLifecycle.Step;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Takes jobs for a worker on a thread of its own and admits them: no more than there are free slots
 * and one queue may hold, and none while the worker holds 64 MiB of payloads and results.
 */
final class JobTaker {

  private static final Logger LOG = System.getLogger(JobTaker.class.getName());
  private static final int MAX_TAKE = 500;
  private static final long MAX_HELD_CHARS = 64L << 20;
  private static final Duration TAKE_WAIT = Duration.ofMillis(500);
  private static final Duration SHORT_WAIT = Duration.ofMillis(10);
  private static final Duration ALL_PAUSED_WAIT = Duration.ofMillis(250);
  private static final Duration REST = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final WorkerSettings settings;
  private final Set<String> types;
  private final PausesInForce pauses;
  private final LimitsInForce limits;
  private final ReadyQueue ready;
  private final AttemptLifecycle lifecycle;
  private final Slots slots;
  private final QueueSlots queueSlots;
  private final QueueTurns turns;
  private final Consumer<ActiveAttempt> start;
  private final Consumer<AdmissionResult> admitted;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean draining;

  /** Whether nothing is being taken, since it drains. */
  private volatile boolean resting;

  /** Attempts started since slots were taken last, by the thread alone. */
  private int started;

  /**
   * @param types the types of job to take
   * @param pauses says which of them, and of the queues, not to take now
   * @param limits say how much of the rest to take
   * @param start starts an attempt; must not throw
   * @param admitted told of each admission, once its attempts are started
   */
  JobTaker(
      WorkerSettings settings,
      Set<String> types,
      PausesInForce pauses,
      LimitsInForce limits,
      ReadyQueue ready,
      AttemptLifecycle lifecycle,
      Slots slots,
      QueueSlots queueSlots,
      Consumer<ActiveAttempt> start,
      Consumer<AdmissionResult> admitted) {
    this.settings = settings;
    this.types = Set.copyOf(types);
    this.pauses = pauses;
    this.limits = limits;
    this.ready = ready;
    this.lifecycle = lifecycle;
    this.slots = slots;
    this.queueSlots = queueSlots;
    this.turns = new QueueTurns(settings.weights());
    this.start =
        attempt -> {
          started++;
          start.accept(attempt);
        };
    this.admitted = admitted;
    this.thread = Thread.ofPlatform().name("take").daemon().unstarted(this::takeUntilStopped);
  }

  void start() {
    thread.start();
  }

  /** Takes no more from now on. */
  void stop() {
    stopping = true;
  }

  /** Takes none while this is true; what is taken meanwhile is given back. */
  void drain(boolean drain) {
    draining = drain;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether it drains and nothing that was taken before can start any more. */
  boolean isResting() {
    return draining && resting;
  }

  /** Waits until what was being taken is admitted or given back, for a while. */
  void awaitStopped() throws InterruptedException {
    boolean unused = thread.join(TAKE_WAIT.plus(LONGEST_PAUSE).plus(STOP_GRACE));
  }

  private void takeUntilStopped() {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    Outage outage = new Outage("take");
    while (!stopping) {
      try {
        takeOnce();
        outage.recovered();
        backoff.reset();
      } catch (UnavailableException e) {
        outage.stalled(e);
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
    if (mustRest()) {
      rest();
      return;
    }
    resting = false;
    if (mustRest()) { // told so before it could be seen that it does not rest
      return;
    }
    if (lifecycle.chars() > MAX_HELD_CHARS) {
      TimeUnit.MILLISECONDS.sleep(10);
      return;
    }
    queueSlots.awaitRoom();
    int places = slots.acquire(MAX_TAKE);
    if (places == 0) {
      return;
    }
    started = 0;
    int held = 0;
    try {
      held = startNext(places);
    } finally {
      slots.giveBack(places - Math.max(held, started)); // a bug may come after some have started
    }
  }

  private boolean mustRest() {
    return draining || slots.count() == 0;
  }

  /** What waits for its trial here would wait for ever. */
  private void rest() {
    lifecycle.releaseQuarantined();
    resting = true;
    LockSupport.parkNanos(this, REST.toNanos());
  }

  /** Does what may be done now; returns how many attempts are held, at most {@code most}. */
  private int startNext(int most) throws InterruptedException {
    return switch (lifecycle.next(job -> !pauses.hold(job.spec()), start)) {
      case Step.Take() -> takeAndAdmit(most);
      case Step.Wait() -> {
        LockSupport.parkNanos(this, SHORT_WAIT.toNanos());
        yield 0;
      }
      case Step.Admitted(var admission) -> {
        admitted.accept(admission);
        yield admission.held();
      }
    };
  }

  private int takeAndAdmit(int most) throws InterruptedException {
    TakeRequest request =
        pauses.allowed(
            new TakeRequest(
                settings.id(),
                settings.queues(),
                types,
                most,
                queueSlots.room(),
                settings.lease(),
                takeWait(),
                limits.table(),
                turns.next()));
    if (request == null) {
      LockSupport.parkNanos(this, ALL_PAUSED_WAIT.toNanos());
      return 0;
    }
    List<Job> taken = ready.take(request);
    turns.took(taken);
    if (taken.isEmpty()) {
      queueSlots.took(taken);
      return 0;
    }
    int room = stopping || draining ? 0 : most - slots.excess();
    if (room < taken.size()) { // there are fewer slots than before
      lifecycle.release(taken.subList(Math.max(0, room), taken.size()));
      taken = taken.subList(0, Math.max(0, room));
    }
    if (taken.isEmpty()) {
      return 0;
    }
    AdmissionResult admission = lifecycle.admit(taken, start);
    admitted.accept(admission);
    queueSlots.took(taken);
    if (admission.held() == 0 || admission.quarantineFull()) {
      LockSupport.parkNanos(this, FIRST_PAUSE.toNanos()); // what went back would come at once
    }
    return admission.held();
  }

  /** Not at all while a queue is full, since the ready queue does not hear when it has room. */
  private Duration takeWait() {
    if (queueSlots.anyFull()) {
      return Duration.ZERO;
    }
    return lifecycle.quarantines() ? SHORT_WAIT : TAKE_WAIT;
  }
}
