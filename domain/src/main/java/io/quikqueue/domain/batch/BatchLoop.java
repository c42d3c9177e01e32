package io.quikqueue.domain.batch;

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
 * Handles in batches, on a thread of its own, what others hand in without waiting for it. Batches
 * keep the order. A batch that finds a server away is repeated, with growing pauses, until it is
 * handled or the loop is closed; one that meets a bug is logged and dropped.
 *
 * @param <T> what is handed in
 */
public final class BatchLoop<T> {

  private static final Logger LOG = System.getLogger(BatchLoop.class.getName());

  /** How late it may notice that it is to close. */
  private static final long POLL_MILLIS = 250;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final String task;
  private final BatchSize size;
  private final BatchPacer pacer;
  private final Consumer<List<T>> action;
  private final BlockingQueue<T> queue;
  private final Outage outage;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean abandoned;
  private volatile int inHand;

  /**
   * @param most items in a batch, at most
   * @param enough items that, if they are there when a batch is due, go without waiting for the
   *     pacer
   */
  public record BatchSize(int most, int enough) {}

  /**
   * A loop that has begun.
   *
   * @param name of its thread; its log events are named after it, without a number at its end
   * @param capacity items that can wait, at most
   * @param action handles a batch; may throw {@link UnavailableException}, and is then called again
   *     with the same batch
   */
  public BatchLoop(
      String name, int capacity, BatchSize size, BatchPacer pacer, Consumer<List<T>> action) {
    this.task = Outage.task(name);
    this.size = size;
    this.pacer = pacer;
    this.action = action;
    this.queue = new LinkedBlockingQueue<>(capacity);
    this.outage = new Outage(name);
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::work);
  }

  /** Hands an item in; false when it finds no room. */
  public boolean offer(T item) {
    return queue.offer(item);
  }

  /** Items that wait. */
  public int waiting() {
    return queue.size();
  }

  /** Drops what waits; returns it. */
  public List<T> drop() {
    List<T> dropped = new ArrayList<>();
    queue.drainTo(dropped);
    return dropped;
  }

  /** Has it handle what waits and stop; {@link #close} waits for that. */
  public void beginClose() {
    closing = true;
    LockSupport.unpark(thread);
  }

  /**
   * Handles what waits, and stops. After the patience, or when this thread is interrupted, it gives
   * up with a log line: whatever is left stays unhandled.
   */
  public void close(Duration patience) {
    beginClose();
    try {
      if (thread.join(patience)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abandoned = true;
    LockSupport.unpark(thread);
    int left = drop().size() + inHand;
    if (left == 0) {
      return;
    }
    LOG.log(Level.WARNING, () -> "event=%s_abandoned items=%d".formatted(task, left));
  }

  private void work() {
    List<T> batch = new ArrayList<>(size.most());
    while (!abandoned && !(closing && queue.isEmpty())) {
      try {
        T first = queue.poll(closing ? 10 : POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          pacer.await(() -> closing || queue.size() >= size.enough());
          queue.drainTo(batch, size.most() - 1);
          pacer.recordBatchSize(batch.size());
          handle(batch);
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        batch.clear();
      }
    }
  }

  private void handle(List<T> batch) {
    inHand = batch.size();
    handleOrDrop(batch);
    inHand = 0;
  }

  private void handleOrDrop(List<T> batch) {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    while (!abandoned) {
      try {
        action.accept(batch);
        outage.recovered();
        return;
      } catch (UnavailableException e) {
        outage.stalled(e);
        LockSupport.parkNanos(this, backoff.next().toNanos());
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, () -> "event=%s_error items=%d".formatted(task, batch.size()), e);
        return;
      }
    }
  }
}
