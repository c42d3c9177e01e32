package io.quikqueue.domain.usecase.dead;

import io.quikqueue.domain.port.DeadLetters;
import java.time.Duration;
import java.time.InstantSource;

/** Deletes groups that have no job a day after their last failure, in small batches. */
public final class CleanDead {

  private static final int BATCH = 500;

  /** Far longer than any transaction that may be putting a job into a group. */
  private static final Duration KEPT = Duration.ofDays(1);

  private final DeadLetters dead;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public CleanDead(DeadLetters dead, InstantSource clock) {
    this.dead = dead;
    this.clock = clock;
  }

  /**
   * Deletes one batch.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public boolean clean() {
    return dead.clean(clock.instant().minus(KEPT), BATCH) == BATCH;
  }
}
