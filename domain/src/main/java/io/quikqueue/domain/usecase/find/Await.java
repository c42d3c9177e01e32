package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Waits for jobs to end. One thread asks the store for all that are waited for in one query, more
 * seldom the longer a job takes; it sleeps while nobody waits. A process that finishes jobs itself
 * tells it so at once.
 */
public final class Await implements Consumer<Job>, AutoCloseable {

  private static final int MAX_WAITERS = 10_000;
  private static final int BATCH = 100;
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final JobStore store;
  private final Semaphore room = new Semaphore(MAX_WAITERS);
  private final Map<JobId, Waiting> waiting = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  public Await(JobStore store) {
    this.store = store;
    this.thread = Thread.ofPlatform().name("await").daemon().start(this::work);
  }

  /**
   * The job once it is over, or as it is when the wait is. Returns at once when too many wait
   * already.
   *
   * @throws UnavailableException when the store cannot be reached
   */
  public Optional<Job> await(JobId id, Duration wait) throws InterruptedException {
    Optional<Job> now = read(id);
    if (now.isEmpty() || now.get().state().terminal() || wait.isZero() || !room.tryAcquire()) {
      return now;
    }
    Waiting mine =
        waiting.compute(id, (key, present) -> present == null ? new Waiting() : present.joined());
    try {
      LockSupport.unpark(thread);
      return Optional.of(mine.over.get(wait.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return read(id);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      waiting.computeIfPresent(id, (key, present) -> present.left() ? null : present);
      room.release();
    }
  }

  /** Tells those who wait for this job, if it has ended. */
  @Override
  public void accept(Job now) {
    Waiting waiters = waiting.get(now.id());
    if (waiters != null && now.state().terminal()) {
      waiters.over.complete(now);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private Optional<Job> read(JobId id) {
    return Optional.ofNullable(store.find(List.of(id)).get(id));
  }

  private void work() {
    while (!closed) {
      if (waiting.isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      LockSupport.parkNanos(this, TICK_NANOS);
      try {
        ask();
      } catch (UnavailableException e) {
        LockSupport.parkNanos(
            this, LONGEST_NANOS); // the waiters learn of it when their wait is over
      }
    }
  }

  private void ask() {
    long now = System.nanoTime();
    List<JobId> due = new ArrayList<>();
    for (Map.Entry<JobId, Waiting> entry : waiting.entrySet()) {
      if (entry.getValue().due(now)) {
        due.add(entry.getKey());
        if (due.size() == BATCH) {
          break;
        }
      }
    }
    if (!due.isEmpty()) {
      store.find(due).values().forEach(this);
    }
  }

  /**
   * Those who wait for one job. The count is guarded by the map's compute; the times by the one
   * asking thread.
   */
  private static final class Waiting {

    private final CompletableFuture<Job> over = new CompletableFuture<>();
    private int waiters = 1;
    private long interval = TICK_NANOS;
    private long next = System.nanoTime();

    private Waiting joined() {
      waiters++;
      return this;
    }

    private boolean left() {
      waiters--;
      return waiters == 0;
    }

    private boolean due(long now) {
      if (now - next < 0) {
        return false;
      }
      next = now + interval;
      interval = Math.min(interval + interval / 4, LONGEST_NANOS);
      return true;
    }
  }
}
