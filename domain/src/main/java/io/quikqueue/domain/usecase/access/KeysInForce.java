package io.quikqueue.domain.usecase.access;

import io.quikqueue.domain.access.KeyTable;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys as they were at most half a second ago, so that a revoked one opens nothing within a
 * second; while the store is away or slow, as they were at most five seconds ago. The store is
 * asked by whoever asks this, one at a time, and after a failure not again at once.
 */
final class KeysInForce {

  private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();
  private static final long STALE_NANOS = Duration.ofSeconds(5).toNanos();

  private final ApiKeys store;
  private final LongSupplier nanos;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Read last;
  private @Nullable Failure failure; // guarded by the lock

  private record Read(KeyTable table, long at) {}

  private record Failure(UnavailableException why, long at) {}

  /**
   * @param nanos monotonic time
   */
  KeysInForce(ApiKeys store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /**
   * All keys that are not revoked.
   *
   * @throws UnavailableException when the store has not answered for five seconds
   */
  KeyTable table() {
    Read before = last;
    return before != null && isFresh(before) ? before.table() : next();
  }

  private KeyTable next() {
    long asked = nanos.getAsLong();
    if (!lock()) {
      return stale(last, new UnavailableException("store", "it does not answer"));
    }
    try {
      Read before = last;
      if (before != null && (isFresh(before) || before.at() - asked >= 0)) {
        return before.table(); // somebody has read it meanwhile
      }
      Failure failed = failure;
      if (failed != null && nanos.getAsLong() - failed.at() < FRESH_NANOS) {
        return stale(before, failed.why());
      }
      return read(before);
    } finally {
      reading.unlock();
    }
  }

  /** Whether nobody else reads, or has done so in time. */
  private boolean lock() {
    try {
      return reading.tryLock(FRESH_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("store", "interrupted");
    }
  }

  private KeyTable read(@Nullable Read before) {
    long began = nanos.getAsLong();
    try {
      KeyTable table = store.table(before == null ? KeyTable.EMPTY : before.table());
      last = new Read(table, began);
      failure = null;
      return table;
    } catch (UnavailableException e) {
      failure = new Failure(e, nanos.getAsLong());
      return stale(before, e);
    }
  }

  private KeyTable stale(@Nullable Read before, UnavailableException why) {
    if (before != null && nanos.getAsLong() - before.at() < STALE_NANOS) {
      return before.table();
    }
    throw new UnavailableException(why.dependency(), why);
  }

  private boolean isFresh(Read read) {
    return nanos.getAsLong() - read.at() < FRESH_NANOS;
  }
}
