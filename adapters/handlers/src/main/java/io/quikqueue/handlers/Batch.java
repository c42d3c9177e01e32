package io.quikqueue.handlers;

import io.quikqueue.handler.BatchHandler;
import io.quikqueue.handler.BatchJob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Attempts that are run by one call of their handler. */
final class Batch<P> {

  private final BatchHandler<P> handler;
  private final long closesAt;
  private final List<BatchEntry<P>> entries = new ArrayList<>();
  private final CountDownLatch returned = new CountDownLatch(1);
  private @Nullable Thread runner;
  private boolean isOver;

  /**
   * @param closesAt monotonic nanoseconds
   */
  Batch(BatchHandler<P> handler, long closesAt) {
    this.handler = handler;
    this.closesAt = closesAt;
  }

  /** Nanoseconds until it is to be called. */
  long closesIn() {
    return closesAt - System.nanoTime();
  }

  /** Adds one; returns how many of them are not over. */
  synchronized int add(BatchEntry<P> entry) {
    entries.removeIf(BatchEntry::isOver);
    entries.add(entry);
    return entries.size();
  }

  /** Calls the handler, on a thread of this batch alone. */
  void run() {
    List<BatchJob<P>> jobs = begin();
    if (jobs.isEmpty()) {
      return;
    }
    Thread.currentThread().setContextClassLoader(handler.getClass().getClassLoader());
    Throwable failure;
    try {
      handler.handleBatch(jobs);
      failure = new IllegalStateException("the handler neither completed nor failed this job");
    } catch (Throwable e) { // whatever it is, no attempt may wait for ever
      failure = e;
    }
    synchronized (this) {
      isOver = true;
    }
    failRest(failure);
    returned.countDown();
  }

  private synchronized List<BatchJob<P>> begin() {
    entries.removeIf(BatchEntry::isOver);
    if (entries.isEmpty()) {
      isOver = true;
      returned.countDown();
    }
    runner = Thread.currentThread();
    return List.copyOf(entries);
  }

  synchronized void failRest(Throwable failure) {
    entries.forEach(entry -> entry.fail(failure));
  }

  /** Whether all its attempts are over. */
  synchronized boolean isDeserted() {
    return entries.stream().allMatch(BatchEntry::isOver);
  }

  /**
   * An attempt of it was asked to stop, and is over. When no other goes on, the handler is asked to
   * stop too; then this returns when it has.
   */
  void left() {
    synchronized (this) {
      if (runner == null || isOver || !isDeserted()) {
        return;
      }
      isOver = true; // the others that leave now need not wait
      runner.interrupt();
    }
    boolean hasReturned = false;
    while (!hasReturned) {
      try {
        returned.await();
        hasReturned = true;
      } catch (InterruptedException e) {
        // It is known already; the worker gives the handler up when it takes too long.
      }
    }
  }
}
