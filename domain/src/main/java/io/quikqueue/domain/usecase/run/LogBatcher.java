package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.batch.BatchLoop;
import io.quikqueue.domain.batch.BatchLoop.BatchSize;
import io.quikqueue.domain.batch.BatchPacer;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Stores what the attempts of a worker log, on a thread of its own, so that whoever logs much keeps
 * nobody waiting but itself. The outcome of an attempt that has logged follows its last lines:
 * whoever sees that a job is over sees all of its log. While the store is away it keeps what it
 * has, and tries again.
 */
final class LogBatcher {

  private static final Logger LOG = System.getLogger(LogBatcher.class.getName());
  private static final int MAX_BATCH = 100;
  private static final Duration MIN_INTERVAL = Duration.ofMillis(50);

  /** It rests for so many times as long as it wrote, so that the store has time for the others. */
  private static final int REST = 3;

  private static final long LONGEST_REST_NANOS = Duration.ofMillis(500).toNanos();

  private final AttemptLifecycle lifecycle;
  private final Consumer<Completion> complete;
  private final BatchLoop<AttemptWrite> loop;
  private volatile boolean closing;

  /**
   * @param complete told of each attempt that is over once its lines are stored
   */
  LogBatcher(AttemptLifecycle lifecycle, Consumer<Completion> complete) {
    this.lifecycle = lifecycle;
    this.complete = complete;
    this.loop =
        new BatchLoop<>(
            "job-logs",
            Integer.MAX_VALUE,
            new BatchSize(MAX_BATCH, MAX_BATCH),
            new BatchPacer(MIN_INTERVAL),
            this::write);
  }

  /** The attempt has logged, and goes on. */
  void logged(ActiveAttempt attempt) {
    add(new AttemptWrite.Log(attempt));
  }

  /** The attempt has logged, and is over. */
  void complete(Completion completion) {
    add(completion);
  }

  private void add(AttemptWrite write) {
    if (!loop.offer(write)) {
      throw new IllegalStateException("a loop without a bound is full");
    }
  }

  /** Stores what is left and stops; after the patience it gives up. */
  void close(Duration patience) {
    closing = true;
    loop.close(patience);
  }

  private void write(List<AttemptWrite> batch) {
    long begun = System.nanoTime();
    try {
      lifecycle.writeLogs(batch.stream().map(AttemptWrite::attempt).toList());
    } catch (UnavailableException e) {
      throw e; // the batch is written again
    } catch (RuntimeException e) {
      // A bug. The lines are lost, the outcomes must not be.
      LOG.log(Level.ERROR, () -> "event=log_error attempts=" + batch.size(), e);
    }
    for (AttemptWrite write : batch) {
      write.attempt().logsWritten();
      if (write instanceof Completion completion) {
        complete.accept(completion);
      }
    }
    if (!closing) {
      long took = System.nanoTime() - begun;
      LockSupport.parkNanos(this, Math.min(REST * took, LONGEST_REST_NANOS));
    }
  }
}
