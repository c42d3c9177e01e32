package io.quikqueue.domain.usecase.list;

import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.List;

/** Lists the workers that are alive. */
public final class ListWorkers {

  private final Workers workers;
  private final Duration liveness;

  /**
   * @param liveness a worker silent for longer than this counts as gone
   */
  public ListWorkers(Workers workers, Duration liveness) {
    this.workers = workers;
    this.liveness = liveness;
  }

  /**
   * Living workers by id, at most 1,000.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public List<WorkerInfo> live(Caller caller) {
    return workers.live(liveness);
  }
}
