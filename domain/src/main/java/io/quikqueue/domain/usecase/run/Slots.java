package io.quikqueue.domain.usecase.run;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The slots of a worker, for attempts whose handlers run, and its room, for all attempts until they
 * are recorded. Safe for use by several threads.
 */
final class Slots {

  private static final long WAIT_MILLIS = 500;

  private final Permits free;
  private final Permits room;
  private int slots;

  /**
   * @param slots handlers that run at once, at most
   * @param unrecorded attempts beside these that are over and not recorded, at most
   */
  Slots(int slots, int unrecorded) {
    this.slots = slots;
    this.free = new Permits(slots);
    this.room = new Permits(slots + unrecorded);
  }

  /** Of which there can be fewer than none, for a while after their number was reduced. */
  private static final class Permits extends Semaphore {

    private static final long serialVersionUID = 1L;

    Permits(int count) {
      super(count);
    }

    void change(int by) {
      if (by < 0) {
        reducePermits(-by);
      } else {
        release(by);
      }
    }
  }

  /** How many there are. */
  synchronized int count() {
    return slots;
  }

  /** From now on there are so many; with fewer, none is free until so many are in use. */
  synchronized void resize(int count) {
    room.change(count - slots);
    free.change(count - slots);
    slots = count;
  }

  /** How many slots more are in use than there are. */
  int excess() {
    return Math.max(0, -free.availablePermits());
  }

  /**
   * Takes up to {@code most} slots with room for their attempts, waiting a moment for the first.
   */
  int acquire(int most) throws InterruptedException {
    int slots = acquire(free, most);
    int places = slots == 0 ? 0 : acquire(room, slots);
    free.release(slots - places);
    return places;
  }

  /** Gives back slots, and the room for their attempts, that were not needed. */
  void giveBack(int unused) {
    free.release(unused);
    room.release(unused);
  }

  /** An attempt needs its slot no longer. */
  void free() {
    free.release();
  }

  /** An attempt is recorded. */
  void recorded() {
    room.release();
  }

  private static int acquire(Semaphore semaphore, int most) throws InterruptedException {
    if (!semaphore.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
      return 0;
    }
    int more = Math.min(most - 1, semaphore.availablePermits());
    return more > 0 && semaphore.tryAcquire(more) ? more + 1 : 1;
  }
}
