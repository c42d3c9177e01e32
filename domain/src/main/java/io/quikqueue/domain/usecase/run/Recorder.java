package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a worker that writes to the store: RUNNING marks and endings, in the order they
 * come, so that a mark and an ending of one attempt never race. What comes while a batch is written
 * goes into the next one. While the store is away it keeps what it has, and tries again; the
 * worker's bound on unrecorded attempts bounds its queue.
 */
final class Recorder {

  private static final Logger LOG = System.getLogger(Recorder.class.getName());
  private static final int MAX_BATCH = 500;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** An attempt and how it ended; no ending = mark it RUNNING. */
  private record Entry(Attempting attempt, @Nullable Ending ending) {}

  private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
  private final JobStore store;
  private final ReadyQueue ready;
  private final Finish finish;
  private final String worker;
  private final Consumer<Attempting> done;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean abandoned;

  /**
   * @param done told of each attempt once its ending is recorded
   */
  Recorder(
      JobStore store, ReadyQueue ready, Finish finish, String worker, Consumer<Attempting> done) {
    this.store = store;
    this.ready = ready;
    this.finish = finish;
    this.worker = worker;
    this.done = done;
    this.thread = Thread.ofPlatform().name("record").daemon().start(this::work);
  }

  void mark(Attempting attempt) {
    entries.add(new Entry(attempt, null));
  }

  void end(Attempting attempt, Ending ending) {
    entries.add(new Entry(attempt, ending));
  }

  /**
   * Writes what is left and stops; after the patience it gives up and the attempts' leases run out.
   */
  void close(Duration patience) {
    closing = true;
    try {
      if (!thread.join(patience)) {
        abandoned = true;
        LockSupport.unpark(thread);
        LOG.log(Level.WARNING, () -> "event=results_abandoned attempts=" + entries.size());
      }
    } catch (InterruptedException e) {
      abandoned = true;
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    List<Entry> batch = new ArrayList<>(MAX_BATCH);
    while (!abandoned && !(closing && entries.isEmpty())) {
      try {
        Entry first = entries.poll(closing ? 10 : 1000, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          entries.drainTo(batch, MAX_BATCH - 1);
          persist(batch);
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        batch.clear();
      }
    }
  }

  private void persist(List<Entry> batch) {
    Duration pause = FIRST_PAUSE;
    boolean failing = false;
    while (!abandoned) {
      try {
        record(batch);
        if (failing) {
          LOG.log(Level.INFO, () -> "event=finish_recovered attempts=" + batch.size());
        }
        return;
      } catch (UnavailableException e) {
        if (!failing) {
          LOG.log(
              Level.WARNING,
              () ->
                  "event=finish_waiting attempts=%d reason=\"%s\""
                      .formatted(batch.size(), e.getMessage()));
        }
        failing = true;
        LockSupport.parkNanos(this, pause.toNanos());
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      } catch (RuntimeException e) {
        // A bug. Nothing is recorded: the leases run out and rescue counts a crash, so that no job
        // is lost.
        LOG.log(Level.ERROR, "event=finish_error attempts=" + batch.size(), e);
        batch.forEach(entry -> release(entry));
        return;
      }
    }
  }

  private void release(Entry entry) {
    if (entry.ending() != null) {
      done.accept(entry.attempt());
    }
  }

  private void record(List<Entry> batch) {
    recordMarks(batch);
    List<Change> changes = new ArrayList<>(batch.size());
    List<AttemptId> dropped = new ArrayList<>();
    List<AttemptId> released = new ArrayList<>();
    for (Entry entry : batch) {
      Attempting attempt = entry.attempt();
      switch (entry.ending()) {
        case null -> {}
        case Ending.Dropped() -> dropped.add(attempt.id());
        case Ending.Released(var at) -> {
          released.add(attempt.id());
          if (attempt.stored().state() == JobState.RUNNING) {
            store.save(List.of(change(attempt, attempt.stored().release(at).job())));
          }
        }
        case Ending.Succeeded(var result, var at) ->
            changes.add(
                change(attempt, attempt.running().succeed(result.json(), result.note(), at).job()));
        case Ending.Failed(var failure, var random, var at) ->
            changes.add(change(attempt, attempt.running().fail(failure, random, at).job()));
        case Ending.Expired(var at) ->
            changes.add(change(attempt, attempt.stored().expire(at).job()));
      }
    }
    if (!changes.isEmpty()) {
      finish.finish(changes);
    }
    if (!dropped.isEmpty()) {
      finish.forget(dropped);
    }
    if (!released.isEmpty()) {
      handBack(released);
    }
    batch.forEach(this::release);
  }

  private void handBack(List<AttemptId> released) {
    try {
      ready.release(worker, released);
    } catch (UnavailableException e) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=release_failed attempts=%d reason=\"%s\""
                  .formatted(released.size(), e.getMessage()));
    }
  }

  private void recordMarks(List<Entry> batch) {
    List<Change> changes = new ArrayList<>();
    List<Attempting> marked = new ArrayList<>();
    for (Entry entry : batch) {
      Attempting attempt = entry.attempt();
      if (entry.ending() == null
          && !attempt.over()
          && attempt.stored().state() == JobState.QUEUED) {
        marked.add(attempt);
        changes.add(change(attempt, attempt.running()));
      }
    }
    if (changes.isEmpty()) {
      return;
    }
    Set<AttemptId> applied = store.save(changes);
    for (int i = 0; i < marked.size(); i++) {
      Attempting attempt = marked.get(i);
      if (applied.contains(attempt.id())) {
        attempt.stored(changes.get(i).after());
      } else {
        attempt.stop(Attempting.Stop.CANCELLED, System.nanoTime());
      }
    }
  }

  private Change change(Attempting attempt, Job after) {
    return new Change(attempt.stored(), after, worker);
  }
}
