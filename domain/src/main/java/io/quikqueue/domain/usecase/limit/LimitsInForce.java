package io.quikqueue.domain.usecase.limit;

import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits as the store had them at most half a second ago; while it is away, as they were. The
 * store is asked by whoever asks this, one at a time.
 */
public final class LimitsInForce {

  private static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();

  private final LimitStore store;
  private final LongSupplier nanos;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable LimitTable known;
  private volatile long asked;

  /**
   * @param nanos monotonic time
   */
  public LimitsInForce(LimitStore store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /**
   * All limits. The same object as long as nothing changes.
   *
   * @throws UnavailableException until the store has answered once, so that nothing runs without
   *     the limits that it has
   */
  public LimitTable table() {
    LimitTable before = known;
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

  private LimitTable first() {
    reading.lock();
    try {
      LimitTable before = known;
      return before == null ? read(LimitTable.EMPTY) : before;
    } finally {
      reading.unlock();
    }
  }

  private LimitTable read(LimitTable before) {
    asked = nanos.getAsLong();
    LimitTable read = store.table(before);
    known = read;
    return read;
  }
}
