package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.QueueRoom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many slots the jobs of each queue hold, so that no queue holds them all. While one holds as
 * many as it may, the ready queue is asked again when it gives one back, or after a moment, since
 * other queues may have got jobs. Safe for use by several threads.
 */
final class QueueSlots {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  private final Map<String, Integer> held = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gaveBack = lock.newCondition();
  private volatile Share share;
  private boolean givenBack;
  private Duration pause = Duration.ZERO;

  /**
   * @param most slots for the jobs of one queue
   * @param slots in all
   */
  QueueSlots(int most, int slots) {
    this.share = new Share(most, most < slots);
  }

  /**
   * What one queue may have.
   *
   * @param less whether that is less than all slots
   */
  private record Share(int most, boolean less) {}

  /** From now on there are so many slots, so many of them for the jobs of one queue. */
  void resize(int most, int slots) {
    share = new Share(Math.max(1, most), most < slots);
    signalRoom();
  }

  /** A job of the queue holds a slot. */
  void hold(String queue) {
    held.merge(queue, 1, Integer::sum);
  }

  /** A job of the queue holds its slot no longer. */
  void giveBack(String queue) {
    Integer left = held.computeIfPresent(queue, (_, n) -> n == 1 ? null : n - 1);
    Share now = share;
    if (now.less() && (left == null ? 0 : left) == now.most() - 1) {
      signalRoom();
    }
  }

  private void signalRoom() {
    lock.lock();
    try {
      givenBack = true;
      gaveBack.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a queue holds as many slots as it may. */
  boolean anyFull() {
    Share now = share;
    return now.less() && held.values().stream().anyMatch(count -> count >= now.most());
  }

  /** What there is room for now. */
  QueueRoom room() {
    Share now = share;
    return now.less() ? new QueueRoom(now.most(), held) : QueueRoom.UNLIMITED;
  }

  /** Notes what came when the ready queue was asked, to know when to ask again. For the taker. */
  void took(List<Job> taken) {
    if (taken.isEmpty()) {
      Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    } else if (share.less() && taken.stream().allMatch(job -> isFull(job.spec().queue()))) {
      pause = FIRST_PAUSE;
    } else {
      pause = Duration.ZERO; // a queue that has room may have more
    }
  }

  /** Waits, while a queue is full, until it is worth to ask the ready queue. For the taker. */
  void awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (!givenBack && left > 0 && anyFull()) {
        left = gaveBack.awaitNanos(left);
      }
      givenBack = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(String queue) {
    return held.getOrDefault(queue, 0) >= share.most();
  }
}
