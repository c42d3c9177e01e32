package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.Backoff;
import io.quikqueue.domain.batch.Pace;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The one thread of a worker that writes to the store: RUNNING marks and endings, in the order they
 * come, so that a mark and an ending of one attempt never race. What comes while a batch is written
 * goes into the next one. While the store is away it keeps what it has, and tries again; the
 * worker's bound on unrecorded attempts bounds its queue.
 */
final class Recorder {

  private static final Logger LOG = System.getLogger(Recorder.class.getName());
  private static final int MAX_BATCH = 500;

  /**
   * Small batches begin at least so far apart: a lone ending is written at once, and those that
   * come a moment after each other share a transaction.
   */
  private static final Duration APART = Duration.ofMillis(5);

  private static final int SMALL = 100;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final BlockingQueue<Recording.Entry> entries = new LinkedBlockingQueue<>();
  private final Recording recording;
  private final Leases leases;
  private final Consumer<Attempting> done;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean abandoned;

  /**
   * @param done told of each attempt once its ending is recorded
   */
  Recorder(Recording recording, Leases leases, Consumer<Attempting> done) {
    this.recording = recording;
    this.leases = leases;
    this.done = done;
    this.thread = Thread.ofPlatform().name("record").daemon().start(this::work);
  }

  void mark(Attempting attempt) {
    entries.add(new Recording.Entry(attempt, null));
  }

  void end(Attempting attempt, Ending ending) {
    entries.add(new Recording.Entry(attempt, ending));
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
    List<Recording.Entry> batch = new ArrayList<>(MAX_BATCH);
    Pace pace = new Pace(APART);
    while (!abandoned && !(closing && entries.isEmpty())) {
      try {
        Recording.Entry first = entries.poll(closing ? 10 : 1000, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          if (entries.size() < SMALL && !closing) {
            pace.await();
          }
          entries.drainTo(batch, MAX_BATCH - 1);
          leases.giveBack(persist(batch));
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        batch.clear();
      }
    }
  }

  /** Returns what was handed back, which is no longer held here. */
  private List<JobMessage> persist(List<Recording.Entry> batch) {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    boolean failing = false;
    while (!abandoned) {
      try {
        List<JobMessage> handedBack = recording.record(batch);
        batch.forEach(this::release);
        if (failing) {
          LOG.log(Level.INFO, () -> "event=finish_recovered attempts=" + batch.size());
        }
        return handedBack;
      } catch (UnavailableException e) {
        if (!failing) {
          LOG.log(
              Level.WARNING,
              () ->
                  "event=finish_waiting attempts=%d reason=\"%s\""
                      .formatted(batch.size(), e.getMessage()));
        }
        failing = true;
        LockSupport.parkNanos(this, backoff.next().toNanos());
      } catch (RuntimeException e) {
        // A bug. Nothing is recorded: the leases run out and rescue counts a crash, so that no job
        // is lost.
        LOG.log(Level.ERROR, "event=finish_error attempts=" + batch.size(), e);
        batch.forEach(this::release);
        return List.of();
      }
    }
    return List.of();
  }

  private void release(Recording.Entry entry) {
    if (entry.ending() != null) {
      done.accept(entry.attempt());
    }
  }
}
