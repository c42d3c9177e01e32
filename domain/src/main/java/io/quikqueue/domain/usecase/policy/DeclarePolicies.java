package io.quikqueue.domain.usecase.policy;

import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.port.PolicyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Declares the policies of this process's configuration, once in its life: of processes whose
 * configurations differ, the one that started last decides. Not safe for use by several threads.
 */
public final class DeclarePolicies {

  /** Who changed policies that are declared. */
  public static final String CONFIGURATION = "configuration";

  private static final Duration LATER = Duration.ofHours(1);

  private final PolicyStore store;
  private final Map<LimitKey, PolicyOptions> declared;
  private final InstantSource clock;
  private boolean done;

  /**
   * @param clock the store's clock
   */
  public DeclarePolicies(
      PolicyStore store, Map<LimitKey, PolicyOptions> declared, InstantSource clock) {
    this.store = store;
    this.declared = Map.copyOf(declared);
    this.clock = clock;
  }

  /**
   * Declares the policies, unless it has succeeded in that before.
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
