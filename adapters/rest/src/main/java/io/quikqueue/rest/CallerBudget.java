package io.quikqueue.rest;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds how much is held at once, bytes or anything else: by caller, and in all. */
final class CallerBudget {

  private final int most;
  private final int mostByCaller;
  private final Semaphore all;
  private final ConcurrentHashMap<String, Holding> byCaller = new ConcurrentHashMap<>();

  /** What a caller holds, for as long as it has shares. */
  private record Holding(Semaphore left, int shares) {}

  CallerBudget(int most, int mostByCaller) {
    this.most = most;
    this.mostByCaller = Math.min(most, mostByCaller);
    this.all = new Semaphore(most, true);
  }

  /** The most that one share can hold. */
  int mostByCaller() {
    return mostByCaller;
  }

  /** How much is held in all. */
  int now() {
    return most - all.availablePermits();
  }

  /** How many callers have shares. */
  int callers() {
    return byCaller.size();
  }

  /** Whether the caller has shares. */
  boolean isHeldBy(String caller) {
    return byCaller.containsKey(caller);
  }

  /** A share of a caller, which holds nothing yet; to be closed. */
  Share share(String caller) {
    Holding holding =
        byCaller.compute(
            caller,
            (_, before) ->
                before == null
                    ? new Holding(new Semaphore(mostByCaller, true), 1)
                    : new Holding(before.left, before.shares + 1));
    return new Share(caller, holding.left);
  }

  /** What one request holds; for one thread at a time. */
  final class Share implements AutoCloseable {

    private final String caller;
    private final Semaphore left;
    private int taken;
    private boolean closed;

    private Share(String caller, Semaphore left) {
      this.caller = caller;
      this.left = left;
    }

    /** Takes more; false = there is no room now, and nothing was taken. */
    boolean tryTake(int amount) {
      if (!left.tryAcquire(amount)) {
        return false;
      }
      if (!all.tryAcquire(amount)) {
        left.release(amount);
        return false;
      }
      taken += amount;
      return true;
    }

    /** Takes more, and waits for room so long at most; false = there was none. */
    boolean take(int amount, long seconds) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      if (!left.tryAcquire(amount, seconds, TimeUnit.SECONDS)) {
        return false;
      }
      boolean isTaken = false;
      try {
        isTaken = all.tryAcquire(amount, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } finally {
        if (!isTaken) {
          left.release(amount);
        }
      }
      taken += isTaken ? amount : 0;
      return isTaken;
    }

    /** Gives back what was taken; only once. */
    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      all.release(taken);
      left.release(taken);
      byCaller.computeIfPresent(
          caller,
          (_, holding) ->
              holding.shares == 1 ? null : new Holding(holding.left, holding.shares - 1));
    }
  }
}
