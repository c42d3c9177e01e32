package io.quikqueue.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The bytes that the large answers of all calls together may hold. A call asks for its share once
 * and gets it whole, in the order of asking, so nobody waits with half a share in hand.
 */
final class ByteBudget {

  private final int total;
  private final Semaphore free;

  ByteBudget(int total) {
    this.total = total;
    free = new Semaphore(total, true);
  }

  /** What one call holds; nothing at first. Closing gives it back. */
  Share share() {
    return new Share();
  }

  int free() {
    return free.availablePermits();
  }

  /** One call's part of the budget. Safe for use by the call's thread and the one that closes. */
  final class Share implements AutoCloseable {

    private int held;
    private boolean closed;

    /**
     * Takes bytes, waiting for other calls to give back theirs. Called once.
     *
     * @param bytes more than there are count as all
     * @return false when the time passed first, or the share is closed
     */
    boolean take(int bytes, long nanos) throws InterruptedException {
      int wanted = Math.min(bytes, total);
      return free.tryAcquire(wanted, nanos, TimeUnit.NANOSECONDS) && keep(wanted);
    }

    private synchronized boolean keep(int bytes) {
      if (closed) {
        free.release(bytes);
        return false;
      }
      held += bytes;
      return true;
    }

    @Override
    public synchronized void close() {
      closed = true;
      free.release(held);
      held = 0;
    }
  }
}
