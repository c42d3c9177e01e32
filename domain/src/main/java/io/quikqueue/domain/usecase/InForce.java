package io.quikqueue.domain.usecase;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the store says of something that changes rarely and is asked for often: as it was at most
 * half a second ago, and while the store is away as it was. The store is asked by whoever asks
 * this, one at a time; the others get what is known.
 *
 * @param <T> immutable
 */
public final class InForce<T> {

  private static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();

  private final Function<@Nullable T, T> store;
  private final LongSupplier nanos;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable T known;
  private volatile long asked;

  /**
   * @param store reads it, given what was known before, which it may answer when nothing changed;
   *     null the first time
   * @param nanos monotonic time
   */
  public InForce(Function<@Nullable T, T> store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /**
   * What is in force.
   *
   * @throws UnavailableException until the store has answered once
   */
  public T get() {
    T before = known;
    if (before == null) {
      return first();
    }
    if (nanos.getAsLong() - asked < REFRESH_NANOS || !reading.tryLock()) {
      return before;
    }
    try {
      return read(before);
    } catch (UnavailableException e) {
      return before;
    } finally {
      reading.unlock();
    }
  }

  private T first() {
    reading.lock();
    try {
      T before = known;
      return before == null ? read(null) : before;
    } finally {
      reading.unlock();
    }
  }

  private T read(@Nullable T before) {
    asked = nanos.getAsLong();
    T read = store.apply(before);
    known = read;
    return read;
  }
}
