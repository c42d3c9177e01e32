package io.quikqueue.local;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A lock that is released where the block of a {@code try} ends. */
final class HeldLock {

  private final ReentrantLock lock = new ReentrantLock();

  /** The lock, while it is held. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  Held hold() {
    lock.lock();
    return lock::unlock;
  }

  Held holdInterruptibly() throws InterruptedException {
    lock.lockInterruptibly();
    return lock::unlock;
  }

  Condition newCondition() {
    return lock.newCondition();
  }
}
