package io.quikqueue.domain.usecase;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the store says of something that changes rarely and is asked for often: as it was at most
 * half a second ago, or a second ago while somebody reads it. While the store is away or slow, it
 * is as it was last, as long as that may count. The store is asked by whoever asks this, one at a
 * time; nobody waits longer than half a second for another's reading.
 *
 * @param <T> immutable
 */
public final class InForce<T> {

  private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();
  private static final long RECENT_NANOS = Duration.ofSeconds(1).toNanos();

  private final Function<@Nullable T, T> store;
  private final LongSupplier nanos;
  private final long longest;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Long began; // of the reading that goes on
  private volatile @Nullable Read<T> last;
  private @Nullable Failure failure; // guarded by the lock

  private record Read<T>(T value, long at) {}

  private record Failure(UnavailableException why, long at) {}

  /**
   * What counts while the store is away, however long that is.
   *
   * @param store reads it, given what was known before, which it may answer when nothing changed;
   *     null the first time
   * @param nanos monotonic time
   */
  public InForce(Function<@Nullable T, T> store, LongSupplier nanos) {
    this(store, nanos, Long.MAX_VALUE);
  }

  private InForce(Function<@Nullable T, T> store, LongSupplier nanos, long longest) {
    this.store = store;
    this.nanos = nanos;
    this.longest = longest;
  }

  /** What counts no longer than this while the store is away. */
  public static <T> InForce<T> upTo(
      Duration longest, Function<@Nullable T, T> store, LongSupplier nanos) {
    return new InForce<>(store, nanos, longest.toNanos());
  }

  /**
   * What is in force.
   *
   * @throws UnavailableException until the store has answered once, and when its last answer is too
   *     old to count
   */
  public T get() {
    Read<T> known = last;
    return known != null && age(known) < FRESH_NANOS ? known.value() : next(known, FRESH_NANOS);
  }

  /**
   * What is in force now: the store is read after this was called, unless it is away or slow. Each
   * call costs the store something.
   *
   * @throws UnavailableException as {@link #get} does
   */
  public T getAnew() {
    return next(null, 0);
  }

  /**
   * @param fresh so old may be what another has read meanwhile
   */
  private T next(@Nullable Read<T> known, long fresh) {
    long asked = nanos.getAsLong();
    if (!lock(known)) {
      return old(last, new UnavailableException("store", "it does not answer"));
    }
    try {
      Read<T> before = last;
      if (before != null && (age(before) < fresh || before.at() - asked > 0)) {
        return before.value(); // somebody has read it meanwhile
      }
      Failure failed = failure;
      if (before != null && failed != null && nanos.getAsLong() - failed.at() < FRESH_NANOS) {
        return old(before, failed.why());
      }
      return read(before);
    } finally {
      reading.unlock();
    }
  }

  /** Whether nobody else reads, or has done so in time. */
  private boolean lock(@Nullable Read<T> known) {
    if (reading.tryLock()) {
      return true;
    }
    boolean recent = known != null && age(known) < RECENT_NANOS;
    Long since = began;
    long left = since == null ? FRESH_NANOS : FRESH_NANOS - (nanos.getAsLong() - since);
    if (recent || left <= 0) {
      return false;
    }
    try {
      return reading.tryLock(left, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private T read(@Nullable Read<T> before) {
    long now = nanos.getAsLong();
    began = now;
    try {
      T value = store.apply(before == null ? null : before.value());
      last = new Read<>(value, now);
      failure = null;
      return value;
    } catch (UnavailableException e) {
      failure = new Failure(e, nanos.getAsLong());
      return old(before, e);
    } finally {
      began = null;
    }
  }

  private T old(@Nullable Read<T> before, UnavailableException why) {
    if (before != null && age(before) < longest) {
      return before.value();
    }
    throw why;
  }

  private long age(Read<T> read) {
    return nanos.getAsLong() - read.at();
  }
}
