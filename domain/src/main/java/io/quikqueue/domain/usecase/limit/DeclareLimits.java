package io.quikqueue.domain.usecase.limit;

import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.LimitStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Declares the limits of this process's configuration, once in its life: of processes whose
 * configurations differ, the one that started last decides.
 */
public final class DeclareLimits {

  /** Who changed limits that are declared. */
  public static final String CONFIGURATION = "configuration";

  private static final Duration LATER = Duration.ofHours(1);

  private final LimitStore store;
  private final Map<LimitKey, Limits> declared;
  private final InstantSource clock;
  private boolean done;

  /**
   * @param clock the store's clock
   */
  public DeclareLimits(LimitStore store, Map<LimitKey, Limits> declared, InstantSource clock) {
    this.store = store;
    this.declared = Map.copyOf(declared);
    this.clock = clock;
  }

  /**
   * Declares the limits, unless it has succeeded in that before.
   *
   * @return how long to wait before the next call, which has nothing to do
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Duration declare() {
    if (!done) {
      store.declare(declared, CONFIGURATION, clock.instant());
      done = true;
    }
    return LATER;
  }
}
