package io.quikqueue.runtime;

import io.dropwizard.lifecycle.Managed;
import io.quikqueue.domain.port.Leadership;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process is the one that leads. The lease is renewed when a third of it has passed;
 * by this process's monotonic clock it ends a little before the store says so. Work done while
 * another has just taken over is harmless: every write is fenced. Leading saves work, it does not
 * guard anything.
 */
public final class Leader implements Managed {

  private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

  private final Leadership leadership;
  private final String name;
  private final String holder;
  private final Duration lease;
  private final LongSupplier nanos;
  private boolean leading;
  private long askedAt;

  /**
   * @param holder unique per process start
   * @param nanos monotonic time
   */
  public Leader(
      Leadership leadership, String name, String holder, Duration lease, LongSupplier nanos) {
    this.leadership = leadership;
    this.name = name;
    this.holder = holder;
    this.lease = lease;
    this.nanos = nanos;
    this.askedAt = nanos.getAsLong() - lease.toNanos();
  }

  /**
   * Asks the store at most every third of the lease.
   *
   * @throws UnavailableException when the store has to be asked and cannot be reached
   */
  public synchronized boolean leads() {
    long now = nanos.getAsLong();
    if (now - askedAt >= lease.toNanos() / 3) {
      boolean won = leadership.acquire(name, holder, lease);
      askedAt = now;
      if (won != leading) {
        LOG.info("event={} lease={}", won ? "leading" : "following", name);
      }
      leading = won;
    }
    return leading;
  }

  /** Gives the lease up, so that another leads at once. */
  @Override
  public synchronized void stop() {
    if (leading) {
      leading = false;
      try {
        leadership.release(name, holder);
      } catch (UnavailableException e) {
        LOG.warn("event=lease_not_released lease={} reason=\"{}\"", name, e.getMessage());
      }
    }
  }
}
