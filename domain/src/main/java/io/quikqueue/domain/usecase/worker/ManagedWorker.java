package io.quikqueue.domain.usecase.worker;

import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import org.jspecify.annotations.Nullable;

/**
 * A worker as it is and as it is asked to be.
 *
 * @param desired null = nothing is asked of it
 */
public record ManagedWorker(WorkerInfo info, @Nullable DesiredState desired) {

  /** How far it is: DRAINING from when it is asked to drain until it runs nothing any more. */
  public Phase phase() {
    if (desired == null || !desired.draining()) {
      return Phase.RUNNING;
    }
    return info.phase() == Phase.DRAINED ? Phase.DRAINED : Phase.DRAINING;
  }

  /** How many slots it is to have; null = as configured. */
  public @Nullable Integer wantedSlots() {
    return desired == null ? null : desired.slots();
  }
}
