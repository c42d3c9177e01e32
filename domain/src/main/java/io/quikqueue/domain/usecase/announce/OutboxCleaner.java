package io.quikqueue.domain.usecase.announce;

import io.quikqueue.domain.batch.Backoff;
import io.quikqueue.domain.batch.Pace;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Forgets the outbox rows of what was announced, on a thread of its own and in larger batches than
 * are announced, since nobody waits for it. What does not get forgotten is announced once more by
 * the relay, which dispatch recognises.
 */
final class Forgetting implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Forgetting.class.getName());
  private static final int CAPACITY = 20_000;
  private static final int MAX_BATCH = 1_000;
  private static final Duration APART = Duration.ofMillis(100);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final BlockingQueue<AttemptId> announced = new ArrayBlockingQueue<>(CAPACITY);
  private final Announce announce;
  private final Thread thread;
  private volatile boolean closed;

  Forgetting(Announce announce) {
    this.announce = announce;
    this.thread = Thread.ofPlatform().name("forget").daemon().start(this::work);
  }

  /**
   * Hands over without waiting. Those that find no room are forgotten by the caller, so that it
   * does not outrun the store.
   *
   * @throws UnavailableException when there is no room and the store cannot be reached
   */
  void add(List<Job> jobs) {
    List<AttemptId> attempts = jobs.stream().map(Job::attemptId).toList();
    for (int i = 0; i < attempts.size(); i++) {
      if (!announced.offer(attempts.get(i))) {
        announce.forget(attempts.subList(i, attempts.size()));
        return;
      }
    }
  }

  /** Forgets what is left, once, and stops. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    Pace pace = new Pace(APART);
    List<AttemptId> batch = new ArrayList<>(MAX_BATCH);
    while (!closed || !announced.isEmpty()) {
      try {
        AttemptId first = announced.poll(closed ? 0 : 1000, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          pace.await(() -> closed || announced.size() >= MAX_BATCH);
          announced.drainTo(batch, MAX_BATCH - 1);
          forget(batch);
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        batch.clear();
      }
    }
  }

  private void forget(List<AttemptId> batch) {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    boolean failing = false;
    do {
      try {
        announce.forget(batch);
        if (failing) {
          LOG.log(Level.INFO, "event=forget_recovered");
        }
        return;
      } catch (UnavailableException e) {
        if (!failing) {
          LOG.log(Level.WARNING, () -> "event=forget_waiting reason=\"" + e.getMessage() + '"');
        }
        failing = true;
        if (!closed) {
          LockSupport.parkNanos(this, backoff.next().toNanos());
        }
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "event=forget_error attempts=" + batch.size(), e);
        return;
      }
    } while (!closed);
  }
}
