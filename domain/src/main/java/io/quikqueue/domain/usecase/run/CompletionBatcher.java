package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.BatchLoop;
import io.quikqueue.domain.batch.BatchLoop.BatchSize;
import io.quikqueue.domain.batch.BatchPacer;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** So many that are there do not wait for the interval to be over. */
  private static final int ENOUGH = 100;

  /**
   * Small batches begin at least so far apart, unless the one before had one outcome: that is
   * written at once, and those that come a moment after each other share a transaction.
   */
  private static final Duration MIN_INTERVAL = Duration.ofMillis(10);

  private final AttemptLifecycle lifecycle;
  private final Consumer<ActiveAttempt> done;
  private final List<BatchLoop<AttemptWrite>> lanes = new ArrayList<>();

  /**
   * @param lanes transactions under way at once, at most
   * @param done told of each attempt once its outcome is recorded
   */
  CompletionBatcher(AttemptLifecycle lifecycle, int lanes, Consumer<ActiveAttempt> done) {
    this.lifecycle = lifecycle;
    this.done = done;
    for (int i = 0; i < lanes; i++) {
      this.lanes.add(
          new BatchLoop<>(
              "record-" + i,
              Integer.MAX_VALUE,
              new BatchSize(MAX_BATCH, ENOUGH),
              new BatchPacer(MIN_INTERVAL),
              this::write));
    }
  }

  void mark(ActiveAttempt attempt) {
    add(lanes.getFirst(), new AttemptWrite.Mark(attempt));
  }

  /** The attempt is over: if its mark is only asked for from now on, it is not written. */
  void complete(Completion completion) {
    add(completion.attempt().markAsked() ? lanes.getFirst() : free(), completion);
  }

  private static void add(BatchLoop<AttemptWrite> lane, AttemptWrite write) {
    if (!lane.offer(write)) {
      throw new IllegalStateException("a lane without a bound is full");
    }
  }

  private BatchLoop<AttemptWrite> free() {
    for (BatchLoop<AttemptWrite> lane : lanes) {
      if (lane.waiting() < MAX_BATCH) {
        return lane;
      }
    }
    return lanes.getLast();
  }

  /**
   * Writes what is left and stops; after the patience it gives up and the attempts' leases run out.
   */
  void close(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    lanes.forEach(BatchLoop::beginClose);
    lanes.forEach(lane -> lane.close(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
  }

  private void write(List<AttemptWrite> batch) {
    List<ActiveAttempt> marks = new ArrayList<>(0);
    List<Completion> completions = new ArrayList<>(batch.size());
    for (AttemptWrite write : batch) {
      switch (write) {
        case AttemptWrite.Mark(var attempt) -> marks.add(attempt);
        case AttemptWrite.Log(var attempt) ->
            throw new IllegalStateException("the log of " + attempt.id() + " is not written here");
        case Completion completion -> completions.add(completion);
      }
    }
    try {
      lifecycle.mark(marks);
      lifecycle.complete(completions);
    } catch (UnavailableException e) {
      throw e; // the batch is written again
    } catch (RuntimeException e) {
      // A bug. Of what is not recorded yet the leases run out and rescue counts a crash, so that no
      // job is
      // lost.
      LOG.log(Level.ERROR, () -> "event=record_error attempts=" + completions.size(), e);
      lifecycle.forget(completions);
    }
    completions.forEach(completion -> done.accept(completion.attempt()));
  }
}
