package io.quikqueue.bench;

import io.quikqueue.bench.Api.Totals;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps all workers busy for a while with jobs that sleep, one per slot, so that other jobs wait in
 * a full queue.
 */
final class Hold {

  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int MOST_SLOTS = 10_000;

  private final Api api;
  private final Drain drain;
  private final String queue;

  private final String secondQueue;

  /**
   * @param queue of half of the sleeping jobs; nobody else uses it
   * @param secondQueue of the other half
   */
  Hold(Api api, Drain drain, String queue, String secondQueue) {
    this.api = api;
    this.drain = drain;
    this.queue = queue;
    this.secondQueue = secondQueue;
  }

  /**
   * Returns when every slot is taken; they are free again that long after the jobs began.
   *
   * @throws BenchException when the slots are not all taken within half a minute
   */
  void begin(Duration length) {
    int slots = api.slots(queue);
    if (slots < 1 || slots > MOST_SLOTS) {
      throw new BenchException(
          "figures A1, A2 and B need live workers with 1 to 10000 slots, not " + slots);
    }
    api.submitSleepers(queue, length.toMillis(), slots - slots / 2);
    if (slots > 1) {
      api.submitSleepers(secondQueue, length.toMillis(), slots / 2);
    }
    long begun = System.nanoTime();
    while (api.totals(queue).running() + api.totals(secondQueue).running() < slots) {
      if (System.nanoTime() - begun > START_NANOS) {
        throw new BenchException(
            "the workers' %d slots could not be held: is there other work?".formatted(slots));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Waits until the workers are free again. */
  void awaitEnd(Duration length) {
    drain.await(queue, new Totals(0, 0, 0, 0), 0, length);
    drain.await(secondQueue, new Totals(0, 0, 0, 0), 0, length);
  }
}
