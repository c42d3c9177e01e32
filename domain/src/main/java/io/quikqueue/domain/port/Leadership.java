package io.quikqueue.domain.port;

import java.time.Duration;

/** Who leads: named leases, each held by one process at a time, by the store's clock. */
public interface Leadership {

  /**
   * Takes or renews a lease.
   *
   * @return whether {@code holder} has it now, for this long
   * @throws UnavailableException when the store cannot be reached
   */
  boolean acquire(String name, String holder, Duration duration);

  /** Gives a lease up; nothing happens when another holds it. */
  void release(String name, String holder);
}
