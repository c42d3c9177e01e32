package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the ready queue on behalf of readers: for eight of them at a time, and not for a second
 * after it was away, so that readers who come in crowds take nothing from the workers.
 */
public final class BoundedAsking {

  private static final int MOST_ASKING = 8;
  private static final long MOMENT_NANOS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanos;
  private final Semaphore asking = new Semaphore(MOST_ASKING);
  private volatile long askFrom;

  /**
   * @param nanos monotonic time
   */
  public BoundedAsking(LongSupplier nanos) {
    this.nanos = nanos;
    this.askFrom = nanos.getAsLong();
  }

  /**
   * The answer; null when too many ask.
   *
   * @throws UnavailableException when it is away, or was a moment ago
   */
  <T> @Nullable T ask(Supplier<T> question) {
    if (nanos.getAsLong() - askFrom < 0) {
      throw new UnavailableException("ready queue", "it was away a moment ago");
    }
    if (!asking.tryAcquire()) {
      return null;
    }
    try {
      return question.get();
    } catch (UnavailableException e) {
      askFrom = nanos.getAsLong() + MOMENT_NANOS;
      throw e;
    } finally {
      asking.release();
    }
  }
}
