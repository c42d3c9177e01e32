package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.Backoff;
import io.quikqueue.domain.batch.BatchPacer;
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
 * Writes to the store what happens to the attempts of a worker: RUNNING marks and outcomes, each
 * lane on a thread of its own. What comes while a batch is written goes into the next one. An
 * outcome takes the next lane only when a whole batch waits in the one before, so that few outcomes
 * share few transactions; with two lanes MariaDB records 1.14 times as many from a full queue. The
 * mark and the outcome of one attempt are in one lane, in the order they come, so that they never
 * race. While the store is away it keeps what it has, and tries again; the worker's bound on
 * unrecorded attempts bounds its queues.
 */
final class CompletionBatcher {

  private static final Logger LOG = System.getLogger(CompletionBatcher.class.getName());
  private static final int MAX_BATCH = 500;

  /**
   * Small batches begin at least so far apart, unless the one before was of a lone outcome: that is
   * written at once, and those that come a moment after each other share a transaction.
   */
  private static final Duration APART = Duration.ofMillis(10);

  private static final int SMALL = 100;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final AttemptLifecycle lifecycle;
  private final Consumer<ActiveAttempt> done;
  private final List<Lane> lanes = new ArrayList<>();
  private volatile boolean closing;
  private volatile boolean abandoned;

  /**
   * @param lanes transactions under way at once, at most
   * @param done told of each attempt once its outcome is recorded
   */
  CompletionBatcher(AttemptLifecycle lifecycle, int lanes, Consumer<ActiveAttempt> done) {
    this.lifecycle = lifecycle;
    this.done = done;
    for (int i = 0; i < lanes; i++) {
      this.lanes.add(new Lane("record-" + i));
    }
    this.lanes.forEach(lane -> lane.thread.start());
  }

  void mark(ActiveAttempt attempt) {
    lanes.getFirst().writes.add(new AttemptWrite.Mark(attempt));
  }

  /** The attempt is over: if its mark is only asked for from now on, it is not written. */
  void complete(Completion completion) {
    Lane lane = completion.attempt().markAsked() ? lanes.getFirst() : free();
    lane.writes.add(completion);
  }

  private Lane free() {
    for (Lane lane : lanes) {
      if (lane.writes.size() < MAX_BATCH) {
        return lane;
      }
    }
    return lanes.getLast();
  }

  /**
   * Writes what is left and stops; after the patience it gives up and the attempts' leases run out.
   */
  void close(Duration patience) {
    closing = true;
    long end = System.nanoTime() + patience.toNanos();
    try {
      for (Lane lane : lanes) {
        if (!lane.thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
          abandon();
        }
      }
    } catch (InterruptedException e) {
      abandon();
      Thread.currentThread().interrupt();
    }
  }

  private void abandon() {
    if (!abandoned) {
      abandoned = true;
      int left = lanes.stream().mapToInt(lane -> lane.writes.size()).sum();
      lanes.forEach(lane -> LockSupport.unpark(lane.thread));
      LOG.log(Level.WARNING, () -> "event=results_abandoned attempts=" + left);
    }
  }

  private final class Lane {

    private final BlockingQueue<AttemptWrite> writes = new LinkedBlockingQueue<>();
    private final Thread thread;

    Lane(String name) {
      this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::work);
    }

    private void work() {
      List<AttemptWrite> batch = new ArrayList<>(MAX_BATCH);
      BatchPacer pacer = new BatchPacer(APART);
      while (!abandoned && !(closing && writes.isEmpty())) {
        try {
          AttemptWrite first = writes.poll(closing ? 10 : 1000, TimeUnit.MILLISECONDS);
          if (first != null) {
            batch.add(first);
            pacer.await(() -> closing || writes.size() >= SMALL);
            writes.drainTo(batch, MAX_BATCH - 1);
            pacer.recordBatchSize(batch.size());
            persist(batch);
          }
        } catch (InterruptedException e) {
          return;
        } finally {
          batch.clear();
        }
      }
    }

    private void persist(List<AttemptWrite> batch) {
      List<ActiveAttempt> marks = new ArrayList<>(0);
      List<Completion> completions = new ArrayList<>(batch.size());
      for (AttemptWrite write : batch) {
        switch (write) {
          case AttemptWrite.Mark(var attempt) -> marks.add(attempt);
          case Completion completion -> completions.add(completion);
        }
      }
      if (isWritten(marks, completions)) {
        completions.forEach(completion -> done.accept(completion.attempt()));
      }
    }

    /** Tries until it succeeds, is abandoned, or finds a bug. */
    private boolean isWritten(List<ActiveAttempt> marks, List<Completion> completions) {
      Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
      boolean failing = false;
      int attempts = marks.size() + completions.size();
      while (!abandoned) {
        try {
          lifecycle.mark(marks);
          lifecycle.complete(completions);
          if (failing) {
            LOG.log(Level.INFO, () -> "event=finish_recovered attempts=" + attempts);
          }
          return true;
        } catch (UnavailableException e) {
          if (!failing) {
            LOG.log(
                Level.WARNING,
                () ->
                    "event=finish_waiting attempts=%d reason=\"%s\""
                        .formatted(attempts, e.getMessage()));
          }
          failing = true;
          LockSupport.parkNanos(this, backoff.next().toNanos());
        } catch (RuntimeException e) {
          // A bug. Nothing is recorded: the leases run out and rescue counts a crash, so that no
          // job is lost.
          LOG.log(Level.ERROR, "event=finish_error attempts=" + attempts, e);
          lifecycle.forget(completions);
          return true;
        }
      }
      return false;
    }
  }
}
