package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Supervises the attempts of a worker: asks for the RUNNING mark of those that take longer,
 * interrupts those that time out or were cancelled, and keeps all leases alive. Sleeps while there
 * is nothing to supervise.
 */
final class AttemptSupervisor {

  private static final Logger LOG = System.getLogger(AttemptSupervisor.class.getName());
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LONG = Duration.ofMillis(500);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);
  private static final int BATCH = 500;

  private final Map<AttemptId, ActiveAttempt> held;
  private final AttemptAdmitter admitter;
  private final AttemptLeases leases;
  private final JobStore store;
  private final CompletionBatcher batcher;
  private final WorkerSettings settings;
  private final Consumer<ActiveAttempt> stuck;
  private final Thread supervisor;
  private final Thread heart;
  private volatile boolean closed;

  AttemptSupervisor(
      Map<AttemptId, ActiveAttempt> held,
      AttemptAdmitter admitter,
      AttemptLeases leases,
      JobStore store,
      CompletionBatcher batcher,
      WorkerSettings settings,
      Consumer<ActiveAttempt> stuck) {
    this.held = held;
    this.admitter = admitter;
    this.leases = leases;
    this.store = store;
    this.batcher = batcher;
    this.settings = settings;
    this.stuck = stuck;
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
      if (held.isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      LockSupport.parkNanos(this, TICK_NANOS);
      long now = System.nanoTime();
      List<AttemptId> lasting = new ArrayList<>();
      for (ActiveAttempt attempt : held.values()) {
        if (!attempt.over()) {
          look(attempt, now, lasting);
        }
      }
      if (now - nextCheck >= 0) {
        stopCancelled(lasting);
        nextCheck = now + CHECK_NANOS;
      }
    }
  }

  private void look(ActiveAttempt attempt, long now, List<AttemptId> lasting) {
    Duration ran = attempt.ran(now);
    if (ran.compareTo(LONG) > 0) {
      lasting.add(attempt.id());
      if (attempt.askMark()) {
        batcher.mark(attempt);
      }
    }
    if (ran.compareTo(attempt.job().spec().policy().timeout()) > 0 && attempt.stopped() == null) {
      attempt.stop(ActiveAttempt.Stop.TIMED_OUT, now);
    }
    if (attempt.sinceStop(now).compareTo(STOP_GRACE) > 0) {
      stuck.accept(attempt);
    }
  }

  private void stopCancelled(List<AttemptId> lasting) {
    for (int i = 0; i < lasting.size(); i += BATCH) {
      List<AttemptId> part = lasting.subList(i, Math.min(i + BATCH, lasting.size()));
      try {
        Set<AttemptId> current = store.current(part);
        for (AttemptId id : part) {
          ActiveAttempt attempt = held.get(id);
          if (!current.contains(id) && attempt != null && !attempt.over()) {
            attempt.stop(ActiveAttempt.Stop.CANCELLED, System.nanoTime());
          }
        }
      } catch (UnavailableException e) {
        return; // asked again in a second; the fence protects the store meanwhile
      }
    }
  }

  private void beat() {
    long interval = settings.lease().toNanos() / 3;
    while (!closed) {
      LockSupport.parkNanos(this, interval);
      leases.renew(this::leased, this::lost);
    }
  }

  private List<JobMessage> leased() {
    List<JobMessage> leased = admitter.waiting();
    held.values().stream()
        .filter(attempt -> !attempt.lost())
        .forEach(attempt -> leased.add(attempt.message()));
    return leased;
  }

  private void lost(AttemptId id) {
    admitter.lost(id);
    ActiveAttempt attempt = held.get(id);
    if (attempt != null && !attempt.over()) {
      LOG.log(
          Level.WARNING,
          () -> "event=lease_lost job_id=%s attempt=%d".formatted(id.job(), id.number()));
      attempt.stop(ActiveAttempt.Stop.LOST, System.nanoTime());
    }
  }
}
