package io.quikqueue.local;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.limit.Throttle;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.ReadyPlaces;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ready queue inside one process: a window of each queue in memory, filled up from the store as
 * it drains. A job that does not fit is left QUEUED in the store and comes in later, at its place
 * by priority and age. So is a job of a type that this process cannot run, until one can. Time is
 * monotonic. Safe for use by several threads.
 */
public final class LocalReadyQueue
    implements ReadyQueue,
        ReadyQueueRebuild,
        ReadyPlaces,
        LimitUsage,
        ClosedDestinations,
        AutoCloseable {

  private static final long MEMORY_OF_FINISHED = TimeUnit.MINUTES.toNanos(1);

  private final ActiveJobs store;
  private final Queues queues;
  private final LongSupplier nanos;
  private final Attempts attempts;
  private final ReadyBuffer buffers;
  private final HeldLock lock = new HeldLock();
  private final Condition ready = lock.newCondition();
  private final Condition filling = lock.newCondition();
  private @Nullable Thread refill;
  private volatile boolean rebuilt;
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
    this.attempts = new Attempts(config.getFinished(), MEMORY_OF_FINISHED);
    this.buffers =
        new ReadyBuffer(config.getWindowJobs(), config.getWindowSize().toBytes(), attempts);
  }

  /**
   * Leaves jobs of other types than these in the store, since nobody will take them here. To be
   * called before {@link #start} and before the first push.
   */
  public void keepOnly(Set<String> types) {
    try (HeldLock.Held _ = lock.hold()) {
      buffers.keepOnly(types);
    }
  }

  /**
   * Leaves jobs of other types than these in the store from now on, and reads from there those of
   * types that it left there until now. To be called after {@link #start}.
   *
   * @param types empty = all
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be asked for its
   *     queues; nothing has changed
   */
  public void keepFromNowOn(Set<String> types) {
    List<QueueFigures> all = queues.all();
    try (HeldLock.Held _ = lock.hold()) {
      buffers.keepOnly(types);
      for (QueueFigures figures : all) {
        if (figures.jobs().getOrDefault(JobState.QUEUED, 0L) > 0) {
          buffers.of(figures.queue());
        }
      }
      buffers.readAnew(now());
      signal();
    }
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
    try (HeldLock.Held _ = lock.hold()) {
      if (refill != null || closed) {
        throw new IllegalStateException("start is called once");
      }
      for (QueueFigures figures : all) {
        if (figures.jobs().getOrDefault(JobState.QUEUED, 0L) > 0) {
          QueueBuffer buffer = buffers.of(figures.queue());
          buffer.backlog().behindFromTheStart();
          buffers.toFill().addIfWanted(buffer.backlog());
        }
      }
      refill =
          Thread.ofPlatform()
              .daemon()
              .name("ready-refill")
              .start(new BufferRefiller(this, store)::run);
    }
  }

  /** Stops filling up, waiting up to 5 s for a read of the store to end. */
  @Override
  public void close() {
    Thread reader;
    try (HeldLock.Held _ = lock.hold()) {
      closed = true;
      filling.signalAll();
      reader = refill;
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
  public Map<String, Long> push(List<Job> jobs) {
    try (HeldLock.Held _ = lock.hold()) {
      long now = now();
      Map<String, Long> depth = new HashMap<>();
      for (Job job : jobs) {
        QueueBuffer buffer = buffers.of(job.spec().queue());
        buffers.push(job, buffer, now);
        depth.put(buffer.queue, 0L);
      }
      depth.replaceAll((queue, none) -> (long) buffers.of(queue).jobs());
      signal();
      return depth;
    }
  }

  @Override
  public List<Job> take(TakeRequest request) throws InterruptedException {
    long left = request.patience().toNanos();
    try (HeldLock.Held _ = lock.holdInterruptibly()) {
      while (true) {
        buffers.limit(request.limits(), now());
        RoundRobinTake take = new RoundRobinTake(buffers, request, now());
        List<Job> taken = take.take();
        if (!buffers.toFill().isEmpty()) {
          filling.signal();
        }
        if (!taken.isEmpty() || left <= 0) {
          return taken;
        }
        long wait = Math.min(left, take.lookAgainIn());
        left -= wait - ready.awaitNanos(wait);
      }
    }
  }

  @Override
  public Set<AttemptId> extend(String worker, Collection<Envelope> running, Duration lease) {
    try (HeldLock.Held _ = lock.hold()) {
      long until = now() + lease.toNanos();
      Set<AttemptId> lost = new HashSet<>();
      for (Envelope envelope : running) {
        if (!buffers.extend(envelope, worker, until)) {
          lost.add(envelope.attempt());
        }
      }
      return lost;
    }
  }

  @Override
  public void ack(Collection<AttemptId> finished) {
    try (HeldLock.Held _ = lock.hold()) {
      long now = now();
      for (AttemptId attempt : finished) {
        buffers.ack(attempt, now);
      }
      if (!buffers.throttle().isOpen()) {
        signal();
      }
    }
  }

  @Override
  public void release(String worker, Collection<Job> unfinished) {
    try (HeldLock.Held _ = lock.hold()) {
      now();
      for (Job job : List.copyOf(unfinished).reversed()) {
        buffers.release(job, worker);
      }
      signal();
    }
  }

  @Override
  public List<ExpiredLease> reclaimExpired(String rescuer, int limit, Duration lease) {
    try (HeldLock.Held _ = lock.hold()) {
      long now = now();
      List<ExpiredLease> taken = new ArrayList<>();
      attempts.reclaimExpired(rescuer, limit, now + lease.toNanos(), now, taken);
      return taken;
    }
  }

  /** The ready jobs in memory; those that wait in the store are not counted. */
  @Override
  public Map<String, Long> depth() {
    try (HeldLock.Held _ = lock.hold()) {
      Map<String, Long> depth = new HashMap<>();
      for (QueueBuffer buffer : buffers.all()) {
        depth.put(buffer.queue, (long) buffer.jobs());
      }
      return depth;
    }
  }

  @Override
  public Uses of(JobSpec spec) {
    try (HeldLock.Held _ = lock.hold()) {
      long now = now();
      Throttle throttle = buffers.throttle();
      return new Uses(
          throttle.useOfQueue(spec.queue(), spec.cost(), now),
          throttle.useOfType(spec.type(), spec.cost(), now),
          throttle.useOfGroup(spec.queue(), spec.group(), spec.cost(), now));
    }
  }

  @Override
  public void close(Destination destination, Duration wait) {
    try (HeldLock.Held _ = lock.hold()) {
      long now = now();
      buffers.throttle().closings().close(destination, now + wait.toNanos(), now);
    }
  }

  @Override
  public Map<Destination, Duration> closed() {
    try (HeldLock.Held _ = lock.hold()) {
      Map<Destination, Duration> closed = new HashMap<>();
      buffers
          .throttle()
          .closings()
          .all(now())
          .forEach((destination, left) -> closed.put(destination, Duration.ofNanos(left)));
      return closed;
    }
  }

  @Override
  public boolean blank() {
    return !rebuilt;
  }

  @Override
  public void markRebuilt(Duration unheard) {
    if (unheard.isPositive()) {
      try (HeldLock.Held _ = lock.hold()) {
        buffers.throttle().distrustUntil(now() + unheard.toNanos());
      }
    }
    rebuilt = true;
  }

  @Override
  public Set<AttemptId> unknown(Collection<AttemptId> attempts) {
    try (HeldLock.Held _ = lock.hold()) {
      now();
      Set<AttemptId> unknown = new HashSet<>();
      for (AttemptId attempt : attempts) {
        if (this.attempts.latest(attempt.job()) != attempt.number()) {
          unknown.add(attempt);
        }
      }
      return unknown;
    }
  }

  @Override
  public OptionalLong before(AttemptId attempt) {
    try (HeldLock.Held _ = lock.hold()) {
      now();
      if (attempts.latest(attempt.job()) < attempt.number()) {
        return OptionalLong.empty();
      }
      Entry entry = attempts.find(attempt.job());
      if (entry == null || entry.state != Entry.State.READY) {
        return OptionalLong.of(0);
      }
      return OptionalLong.of(buffers.of(entry.queue()).before(entry));
    }
  }

  @Override
  public void assumeLeased(List<Envelope> running, Duration lease) {
    try (HeldLock.Held _ = lock.hold()) {
      long until = now() + lease.toNanos();
      for (Envelope envelope : running) {
        buffers.assumeLeased(envelope, until);
      }
    }
  }

  /** Waits for a buffer that is to be filled; null = closed. */
  Backlog.@Nullable Read nextRead() throws InterruptedException {
    try (HeldLock.Held _ = lock.holdInterruptibly()) {
      while (!closed) {
        Backlog backlog = buffers.toFill().next();
        if (backlog != null) {
          return buffers.beginRead(backlog);
        }
        filling.await();
      }
      return null;
    }
  }

  /** Adds a page that was read, as far as there is room. */
  void filled(Backlog.Read read, List<Job> page) {
    try (HeldLock.Held _ = lock.hold()) {
      buffers.fill(read, page, now());
      signal();
    }
  }

  /** Lets a read that failed be tried again, after the wait or when closed. */
  void retry(Backlog.Read read, long wait) throws InterruptedException {
    try (HeldLock.Held _ = lock.holdInterruptibly()) {
      read.of().failRead();
      buffers.toFill().addOn(read.of());
      long left = wait;
      while (!closed && left > 0) {
        left = filling.awaitNanos(left);
      }
    }
  }

  /** The time now; what it makes obsolete is forgotten first. */
  private long now() {
    long now = nanos.getAsLong();
    attempts.expire(now);
    return now;
  }

  private void signal() {
    ready.signalAll();
    if (!buffers.toFill().isEmpty()) {
      filling.signal();
    }
  }
}
