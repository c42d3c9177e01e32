package io.quikqueue.handlers;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.handler.BatchHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the attempts of one type into batches. Each attempt has a thread of its own, which waits
 * here for its end; so an attempt in a batch is timed, cancelled, renewed and recorded as any other
 * is. The handler has a thread for the batch.
 */
final class Batches<P> {

  private static final int MOST = 1_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final BatchHandler<P> handler;
  private final String type;
  private final boolean onPlatformThreads;
  private final int size;
  private final Duration wait;
  private final boolean byGroup;

  /** The batches that still grow; also the lock for them. */
  private final Map<Key, Batch<P>> forming = new HashMap<>();

  /**
   * What the jobs of a batch have in common.
   *
   * @param group null = none, or any
   */
  private record Key(String queue, @Nullable String group) {}

  /**
   * @throws IllegalArgumentException when there cannot be such batches
   */
  Batches(BatchHandler<P> handler, String type, boolean onPlatformThreads) {
    this.handler = handler;
    this.type = type;
    this.onPlatformThreads = onPlatformThreads;
    this.size = handler.batchSize();
    Duration declared = handler.batchWait();
    this.byGroup = handler.batchByGroup();
    if (size < 1 || size > MOST) {
      throw new IllegalArgumentException(
          "batchSize of type %s must be from 1 to %d, not %d".formatted(type, MOST, size));
    }
    if (declared == null || declared.compareTo(SHORTEST) < 0 || declared.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "batchWait of type %s must be from 1 ms to 1 min, not %s".formatted(type, declared));
    }
    this.wait = declared;
  }

  /**
   * Runs an attempt in a batch.
   *
   * @return what the handler completed it with
   * @throws InterruptedException when it is asked to stop; if the whole batch is, not before the
   *     handler has returned
   * @throws Exception what it failed with
   */
  @Nullable Object run(JobRun run, P payload) throws Exception {
    BatchEntry<P> entry = new BatchEntry<>(run, payload);
    Batch<P> batch = join(entry);
    try {
      if (!entry.awaitEnd(batch.closesIn())) {
        close(batch);
        entry.awaitEnd();
      }
    } catch (InterruptedException e) {
      if (entry.abandon()) {
        forgetIfDeserted(batch);
        batch.left();
        throw e;
      }
    }
    return entry.result();
  }

  private Batch<P> join(BatchEntry<P> entry) {
    JobSpec spec = entry.spec();
    Key key = new Key(spec.queue(), byGroup ? spec.group() : null);
    Batch<P> batch;
    boolean isFull;
    synchronized (forming) {
      batch =
          forming.computeIfAbsent(
              key, _ -> new Batch<>(handler, System.nanoTime() + wait.toNanos()));
      isFull = batch.add(entry) >= size;
      if (isFull) {
        forming.remove(key);
      }
    }
    if (isFull) {
      start(batch);
    }
    return batch;
  }

  /** Its time is over; one of those that wait in it notices first. */
  private void close(Batch<P> batch) {
    boolean isFirst;
    synchronized (forming) {
      isFirst = forming.values().remove(batch);
    }
    if (isFirst) {
      start(batch);
    }
  }

  private void forgetIfDeserted(Batch<P> batch) {
    synchronized (forming) {
      if (batch.isDeserted()) {
        forming.values().remove(batch);
      }
    }
  }

  private void start(Batch<P> batch) {
    try {
      Thread thread =
          (onPlatformThreads ? Thread.ofPlatform().daemon() : Thread.ofVirtual())
              .name("batch-" + type)
              .unstarted(batch::run);
      thread.start();
    } catch (OutOfMemoryError e) {
      batch.failRest(new IllegalStateException("the system has no thread left", e));
    }
  }
}
