package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for jobs to end; a wait costs no thread. One thread asks the store for the states of all
 * jobs that are waited for, more seldom the longer a job takes; it sleeps while nobody waits. A
 * process that finishes jobs itself tells it so at once.
 */
public final class Await implements JobListener, AutoCloseable {

  private static final int BATCH = 1_000;
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Characters of payload and result; a larger job is left to be looked up by who waits. */
  private static final int LARGEST_HANDED_OVER = 8 << 10;

  private final JobStore store;
  private final Map<JobId, Waiting> waiting = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;

  public Await(JobStore store) {
    this.store = store;
    this.thread = Thread.ofPlatform().name("await").daemon().start(this::work);
  }

  /**
   * A wait for the job to be over, which whoever begins it ends by a timeout or by cancelling it.
   * It completes with the job where that is at hand, else with nothing: look it up then. So it does
   * at once when this is closed. Whether the job is over already, look after the wait has begun.
   */
  public CompletableFuture<Optional<Job>> begin(Caller caller, JobId id) {
    CompletableFuture<Optional<Job>> wait = new CompletableFuture<>();
    waiting.compute(id, (_, present) -> (present == null ? new Waiting() : present).with(wait));
    var _ =
        wait.whenComplete(
            (_, _) -> waiting.computeIfPresent(id, (_, present) -> present.without(wait)));
    if (closed) {
      wait.complete(Optional.empty());
    } else if (asleep) {
      LockSupport.unpark(thread);
    }
    return wait;
  }

  /** Tells those who wait for jobs that have ended. */
  @Override
  public void changed(List<Transition> transitions) {
    for (Transition transition : transitions) {
      Job now = transition.after();
      if (now.state().terminal()) {
        end(now.id(), isLarge(now) ? Optional.empty() : Optional.of(now));
      }
    }
  }

  /** Whether the service stops, so that nobody may wait any more. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends all waits, those that begin later too. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    List.copyOf(waiting.keySet()).forEach(id -> end(id, Optional.empty()));
  }

  private void end(JobId id, Optional<Job> job) {
    Waiting ended = waiting.remove(id);
    if (ended != null) {
      ended.waits.forEach(wait -> wait.complete(job));
    }
  }

  private static boolean isLarge(Job job) {
    String result = job.result();
    int length = result == null ? 0 : result.length();
    return length + job.spec().payload().length() > LARGEST_HANDED_OVER;
  }

  private void work() {
    while (!closed) {
      if (waiting.isEmpty()) {
        sleep();
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

  private void sleep() {
    asleep = true;
    if (waiting.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void ask() {
    long now = System.nanoTime();
    List<JobId> due = new ArrayList<>();
    waiting.forEach(
        (id, waiters) -> {
          if (waiters.due(now)) {
            due.add(id);
          }
        });
    for (int from = 0; from < due.size(); from += BATCH) {
      Map<JobId, JobState> states =
          store.states(due.subList(from, Math.min(from + BATCH, due.size())));
      states.forEach(
          (id, state) -> {
            if (state.terminal()) {
              end(id, Optional.empty());
            }
          });
    }
  }

  /** The waits for one job, guarded by the map; the times by the one asking thread. */
  private static final class Waiting {

    private final Set<CompletableFuture<Optional<Job>>> waits =
        Collections.newSetFromMap(new IdentityHashMap<>());
    private long interval = TICK_NANOS;
    private long next = System.nanoTime(); // it may have ended just before it was waited for

    private Waiting with(CompletableFuture<Optional<Job>> wait) {
      waits.add(wait);
      return this;
    }

    private @Nullable Waiting without(CompletableFuture<Optional<Job>> wait) {
      waits.remove(wait);
      return waits.isEmpty() ? null : this;
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
