package io.quikqueue.domain.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: what callers hand in while one batch is under way goes together into the next. An
 * item that comes alone never waits. After a batch of several the next one waits a moment, until as
 * many have come again: a crowd shares one transaction. Bounded; a full queue refuses.
 *
 * @param <T> what goes in
 * @param <R> what comes out, one per item and in the same order
 */
public final class Batcher<T, R> implements AutoCloseable {

  private static final Duration POLL = Duration.ofSeconds(1);

  private final BlockingQueue<Item<T, R>> queue;
  private final int maxBatch;
  private final long maxWaitNanos;
  private final BatchPacer pacer;
  private final Function<List<T>, List<R>> action;
  private final List<Thread> lanes = new ArrayList<>();

  /** Held by the lane that forms the next batch. */
  private final Lock forming = new ReentrantLock();

  private int lastSize;
  private volatile int enough = Integer.MAX_VALUE;
  private volatile @Nullable Thread waiting;
  private volatile boolean closed;

  /**
   * @param lanes batches under way at once, each on a thread of its own
   * @param capacity items waiting, at most
   * @param maxBatch items in one call of the action, at most
   * @param minInterval a batch that waits to fill up begins at most so long after the one before
   * @param maxWait an item that waited longer than this is failed with {@link OverloadedException},
   *     untried
   */
  public Batcher(
      String name,
      int lanes,
      int capacity,
      int maxBatch,
      Duration minInterval,
      Duration maxWait,
      Function<List<T>, List<R>> action) {
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.maxBatch = maxBatch;
    this.pacer = new BatchPacer(minInterval);
    this.maxWaitNanos = maxWait.toNanos();
    this.action = action;
    for (int i = 0; i < lanes; i++) {
      this.lanes.add(Thread.ofPlatform().name(name + "-" + i).daemon().start(this::work));
    }
  }

  /**
   * Hands an item in.
   *
   * @return completes with the item's answer, or with what the action threw
   * @throws OverloadedException when the queue is full or closed; the item was not tried
   */
  public CompletableFuture<R> submit(T value) {
    Item<T, R> item = new Item<>(value, System.nanoTime(), new CompletableFuture<>());
    if (closed || !queue.offer(item)) {
      throw new OverloadedException();
    }
    if (closed && queue.remove(item)) {
      throw new OverloadedException(); // closed meanwhile: perhaps no lane is left to see it
    }
    if (queue.size() >= enough) {
      LockSupport.unpark(waiting);
    }
    return item.answer();
  }

  /** Refuses new items, finishes what waits, and returns when that is done. */
  @Override
  public void close() {
    closed = true;
    lanes.forEach(LockSupport::unpark);
    lanes.forEach(Batcher::joinQuietly);
    List<Item<T, R>> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(item -> item.answer().completeExceptionally(new OverloadedException()));
  }

  private void work() {
    List<Item<T, R>> batch = new ArrayList<>(maxBatch);
    while (true) {
      try {
        boolean over = closed;
        form(batch);
        if (!batch.isEmpty()) {
          perform(batch);
        } else if (over) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        batch.clear();
      }
    }
  }

  /** Waits for an item and takes what goes with it; takes nothing if none came. */
  private void form(List<Item<T, R>> batch) throws InterruptedException {
    forming.lockInterruptibly();
    try {
      Item<T, R> first = queue.poll(closed ? 0 : POLL.toMillis(), TimeUnit.MILLISECONDS);
      if (first == null) {
        return;
      }
      awaitItems(lastSize - 1);
      add(first, batch);
      drain(batch);
      lastSize = batch.size();
    } finally {
      forming.unlock();
    }
  }

  /** Waits until so many more are there, or it is time for the next batch. */
  private void awaitItems(int count) {
    waiting = Thread.currentThread();
    enough = count;
    pacer.await(() -> queue.size() >= count || closed);
    enough = Integer.MAX_VALUE;
    waiting = null;
  }

  private void drain(List<Item<T, R>> batch) {
    while (batch.size() < maxBatch) {
      Item<T, R> next = queue.poll();
      if (next == null) {
        return;
      }
      add(next, batch);
    }
  }

  private void add(Item<T, R> item, List<Item<T, R>> batch) {
    if (System.nanoTime() - item.since() > maxWaitNanos) {
      item.answer().completeExceptionally(new OverloadedException());
    } else {
      batch.add(item);
    }
  }

  private void perform(List<Item<T, R>> batch) {
    try {
      List<T> values = new ArrayList<>(batch.size());
      batch.forEach(item -> values.add(item.value()));
      List<R> answers = action.apply(values);
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer().complete(answers.get(i));
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(item -> item.answer().completeExceptionally(e));
    }
  }

  private static void joinQuietly(Thread lane) {
    try {
      lane.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Item<T, R>(T value, long since, CompletableFuture<R> answer) {}
}
