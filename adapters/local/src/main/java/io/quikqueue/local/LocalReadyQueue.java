package io.quikqueue.local;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.Announced;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ready queue inside one process: a window of each queue in memory, filled up from the store as
 * it drains. A job that does not fit is left QUEUED in the store and comes in later, at its place
 * by priority and age. Time is monotonic. Safe for use by several threads.
 */
public final class LocalReadyQueue implements ReadyQueue, ReadyQueueRebuild, AutoCloseable {

  private static final long MEMORY_OF_FINISHED = TimeUnit.MINUTES.toNanos(1);

  private final ActiveJobs store;
  private final Queues queues;
  private final LongSupplier nanos;
  private final Window window;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();
  private final Condition filling = lock.newCondition();
  private @Nullable Thread refill;
  private boolean rebuilt;
  private boolean closed;

  /**
   * Nothing is read from the store before {@link #start}.
   *
   * @param queues asked once, for the names of queues that have QUEUED jobs
   */
  public LocalReadyQueue(ActiveJobs store, Queues queues, LocalConfig config) {
    this(store, queues, config, System::nanoTime);
  }

  LocalReadyQueue(ActiveJobs store, Queues queues, LocalConfig config, LongSupplier nanos) {
    this.store = store;
    this.queues = queues;
    this.nanos = nanos;
    this.window =
        new Window(
            config.getWindowJobs(),
            config.getWindowSize().toBytes(),
            config.getFinished(),
            MEMORY_OF_FINISHED);
  }

  /**
   * Begins to fill up from the store, first with what a former process left QUEUED there. To be
   * called once, before the first push.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be asked for its
   *     queues
   */
  public void start() {
    List<QueueFigures> all = queues.all();
    lock.lock();
    try {
      if (refill != null || closed) {
        throw new IllegalStateException("start is called once");
      }
      for (QueueFigures figures : all) {
        if (figures.depth().getOrDefault(JobState.QUEUED, 0L) > 0) {
          Line line = window.line(figures.queue());
          line.behindFromTheStart();
          window.fillIfWanted(line);
        }
      }
      refill =
          Thread.ofPlatform().daemon().name("ready-refill").start(new Refill(this, store)::run);
    } finally {
      lock.unlock();
    }
  }

  /** Stops filling up, waiting up to 5 s for a read of the store to end. */
  @Override
  public void close() {
    Thread reader;
    lock.lock();
    try {
      closed = true;
      filling.signalAll();
      reader = refill;
    } finally {
      lock.unlock();
    }
    try {
      if (reader != null) {
        reader.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Map<String, Long> push(List<Announced> batch) {
    lock.lock();
    try {
      long now = now();
      Map<String, Long> depth = new HashMap<>();
      for (Announced announced : batch) {
        Line line = window.line(announced.message().job().spec().queue());
        window.push(announced, line, now);
        depth.put(line.queue, 0L);
      }
      depth.replaceAll((queue, none) -> (long) window.line(queue).jobs());
      signal();
      return depth;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<JobMessage> take(
      String worker, Collection<String> queues, int limit, Duration lease, Duration wait)
      throws InterruptedException {
    long left = wait.toNanos();
    List<JobMessage> taken = new ArrayList<>();
    lock.lockInterruptibly();
    try {
      while (true) {
        window.take(queues, worker, limit, now() + lease.toNanos(), taken);
        if (window.hasLineToFill()) {
          filling.signal();
        }
        if (!taken.isEmpty() || left <= 0) {
          return taken;
        }
        left = ready.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<AttemptId> extend(String worker, Collection<JobMessage> running, Duration lease) {
    lock.lock();
    try {
      long until = now() + lease.toNanos();
      Set<AttemptId> lost = new HashSet<>();
      for (JobMessage message : running) {
        if (!window.extend(message, worker, until)) {
          lost.add(message.job().attemptId());
        }
      }
      return lost;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ack(Collection<AttemptId> finished) {
    lock.lock();
    try {
      long now = now();
      for (AttemptId attempt : finished) {
        window.ack(attempt, now);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(String worker, Collection<AttemptId> unfinished) {
    lock.lock();
    try {
      now();
      for (AttemptId attempt : List.copyOf(unfinished).reversed()) {
        window.release(attempt, worker);
      }
      signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<JobMessage> silent(String rescuer, int limit, Duration lease) {
    lock.lock();
    try {
      long now = now();
      List<JobMessage> taken = new ArrayList<>();
      window.silent(rescuer, limit, now + lease.toNanos(), now, taken);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** The ready jobs in memory; those that wait in the store are not counted. */
  @Override
  public Map<String, Long> depth() {
    lock.lock();
    try {
      Map<String, Long> depth = new HashMap<>();
      for (Line line : window.lines()) {
        depth.put(line.queue, (long) line.jobs());
      }
      return depth;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean blank() {
    lock.lock();
    try {
      return !rebuilt;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void markRebuilt() {
    lock.lock();
    try {
      rebuilt = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<AttemptId> unknown(Collection<AttemptId> attempts) {
    lock.lock();
    try {
      now();
      Set<AttemptId> unknown = new HashSet<>();
      for (AttemptId attempt : attempts) {
        if (!window.knows(attempt)) {
          unknown.add(attempt);
        }
      }
      return unknown;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void presumeRunning(List<JobMessage> running, Duration lease) {
    lock.lock();
    try {
      long until = now() + lease.toNanos();
      for (JobMessage message : running) {
        window.presume(message, until);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a line that wants filling; null = closed. */
  Line.@Nullable Read nextRead() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        Line line = window.nextToFill();
        if (line != null) {
          return line.beginRead();
        }
        filling.await();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a page that was read, as far as there is room. */
  void filled(Line.Read read, List<Job> page) {
    lock.lock();
    try {
      long now = now();
      Line line = read.line();
      Job last = read.after();
      boolean full = false;
      long weight = 0;
      for (Job job : page) {
        full = !window.fill(job, line, now);
        if (full) {
          break;
        }
        last = job;
      }
      for (Job job : page) {
        weight += job.spec().payload().length();
      }
      line.pageWeighed(page.size(), weight);
      boolean end = page.size() < read.limit() && !full;
      if (line.endRead(last, end, full)) {
        window.fillOn(line);
      }
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a read that failed be tried again, after the wait or when closed. */
  void retry(Line.Read read, long wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      read.line().failRead();
      window.fillOn(read.line());
      long left = wait;
      while (!closed && left > 0) {
        left = filling.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The time now; what it makes obsolete is forgotten first. */
  private long now() {
    long now = nanos.getAsLong();
    window.expire(now);
    return now;
  }

  private void signal() {
    ready.signalAll();
    if (window.hasLineToFill()) {
      filling.signal();
    }
  }
}
