package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.batch.Outage;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for queues to have ready jobs; a wait costs no thread. One thread asks the ready queue for
 * all that wait, more seldom the longer none came; it sleeps while nobody waits. Of those that wait
 * for a queue, as many go on as it has jobs, those that came first.
 */
final class ReadyWaits implements AutoCloseable {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ReadyQueue ready;
  private final AtomicLong sequence = new AtomicLong();

  /** By arrival. */
  private final ConcurrentSkipListMap<Long, Waiting> waiting = new ConcurrentSkipListMap<>();

  private final Outage outage = new Outage("lease-waits");
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;

  private record Waiting(
      String queue, String worker, long notBefore, CompletableFuture<Void> over) {}

  ReadyWaits(ReadyQueue ready) {
    this.ready = ready;
    this.thread = Thread.ofPlatform().name("lease-waits").daemon().start(this::work);
  }

  /**
   * A wait for the queue to have ready jobs, of whatever type, which whoever begins it ends by a
   * timeout or by cancelling it. It is over at once when this is closed.
   *
   * @param worker whose wait it is
   * @param pause how long it lasts at least
   */
  CompletableFuture<Void> begin(String queue, String worker, Duration pause) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    long arrival = sequence.incrementAndGet();
    waiting.put(arrival, new Waiting(queue, worker, System.nanoTime() + pause.toNanos(), over));
    var _ = over.whenComplete((_, _) -> waiting.remove(arrival));
    if (closed) {
      over.complete(null);
    } else if (asleep) {
      LockSupport.unpark(thread);
    }
    return over;
  }

  /** Ends the waits of a worker. */
  void wake(String worker) {
    for (Waiting wait : waiting.values()) {
      if (wait.worker().equals(worker)) {
        wait.over().complete(null);
      }
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends all waits, those that begin later too. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    waiting.values().forEach(wait -> wait.over().complete(null));
  }

  private void work() {
    long interval = TICK_NANOS;
    while (!closed) {
      if (waiting.isEmpty()) {
        sleep();
        interval = TICK_NANOS;
        continue;
      }
      LockSupport.parkNanos(this, interval);
      try {
        interval =
            wake(new HashMap<>(ready.depth()))
                ? TICK_NANOS
                : Math.min(interval * 5 / 4, LONGEST_NANOS);
        outage.recovered();
      } catch (UnavailableException e) {
        outage.stalled(e); // the waiters learn of it when their wait is over
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  private void sleep() {
    asleep = true;
    if (waiting.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private boolean wake(Map<String, Long> depth) {
    long now = System.nanoTime();
    boolean woken = false;
    for (Waiting wait : waiting.values()) {
      long jobs = depth.getOrDefault(wait.queue(), 0L);
      if (jobs > 0 && now - wait.notBefore() >= 0) {
        depth.put(wait.queue(), jobs - 1);
        wait.over().complete(null);
        woken = true;
      }
    }
    return woken;
  }
}
