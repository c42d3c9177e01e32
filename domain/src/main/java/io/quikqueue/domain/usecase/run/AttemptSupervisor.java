package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Supervises the attempts of a worker on two threads: asks for the RUNNING mark of those that take
 * longer, has stored what they log, interrupts those that time out or were cancelled, and keeps all
 * leases alive. Sleeps while there is nothing to supervise.
 */
final class AttemptSupervisor {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LONG = Duration.ofMillis(500);
  private static final int BATCH = 500;

  private final AttemptLifecycle lifecycle;
  private final Consumer<ActiveAttempt> mark;
  private final Consumer<ActiveAttempt> log;
  private final Consumer<ActiveAttempt> stuck;
  private final Duration stopGrace;
  private final long leaseNanos;
  private final Thread supervisor;
  private final Thread heart;
  private volatile boolean closed;

  /**
   * @param stopGrace how long a handler may go on that was interrupted
   * @param mark told once of each attempt that is to be marked RUNNING
   * @param log told of attempts that have logged
   * @param stuck told of each attempt whose handler does not heed the interrupt
   */
  AttemptSupervisor(
      AttemptLifecycle lifecycle,
      Duration lease,
      Duration stopGrace,
      Consumer<ActiveAttempt> mark,
      Consumer<ActiveAttempt> log,
      Consumer<ActiveAttempt> stuck) {
    this.lifecycle = lifecycle;
    this.mark = mark;
    this.log = log;
    this.stuck = stuck;
    this.stopGrace = stopGrace;
    this.leaseNanos = lease.toNanos();
    this.supervisor = Thread.ofPlatform().name("supervise").daemon().unstarted(this::supervise);
    this.heart = Thread.ofPlatform().name("heartbeat").daemon().unstarted(this::beat);
  }

  void start() {
    supervisor.start();
    heart.start();
  }

  /** There is something to supervise. */
  void wake() {
    LockSupport.unpark(supervisor);
  }

  void close() {
    closed = true;
    LockSupport.unpark(supervisor);
    LockSupport.unpark(heart);
  }

  private void supervise() {
    long nextCheck = System.nanoTime() + CHECK_NANOS;
    while (!closed) {
      if (lifecycle.held().isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      LockSupport.parkNanos(this, TICK_NANOS);
      long now = System.nanoTime();
      List<ActiveAttempt> lasting = new ArrayList<>();
      for (ActiveAttempt attempt : lifecycle.held()) {
        if (!attempt.over()) {
          look(attempt, now, lasting);
        }
      }
      if (now - nextCheck >= 0) {
        stopSuperseded(lasting);
        nextCheck = now + CHECK_NANOS;
      }
    }
  }

  private void look(ActiveAttempt attempt, long now, List<ActiveAttempt> lasting) {
    Duration ran = attempt.ran(now);
    if (ran.compareTo(LONG) > 0) {
      lasting.add(attempt);
      if (attempt.askMark()) {
        mark.accept(attempt);
      }
    }
    if (attempt.askLogWrite()) {
      log.accept(attempt);
    }
    if (ran.compareTo(attempt.job().spec().policy().timeout()) > 0 && attempt.stopped() == null) {
      attempt.stop(ActiveAttempt.Stop.TIMED_OUT, now);
    }
    if (attempt.sinceStop(now).compareTo(stopGrace) > 0) {
      stuck.accept(attempt);
    }
  }

  private void stopSuperseded(List<ActiveAttempt> lasting) {
    try {
      for (int i = 0; i < lasting.size(); i += BATCH) {
        lifecycle.stopSuperseded(lasting.subList(i, Math.min(i + BATCH, lasting.size())));
      }
    } catch (UnavailableException e) {
      return; // asked again in a second; the fence protects the store meanwhile
    }
  }

  private void beat() {
    while (!closed) {
      LockSupport.parkNanos(this, leaseNanos / 3);
      lifecycle.renew();
    }
  }
}
