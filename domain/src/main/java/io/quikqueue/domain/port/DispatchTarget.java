package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ready queue behind a stream, as dispatch sees it: it takes jobs with their bodies closed and
 * remembers how far it has come in each partition. All methods throw {@link UnavailableException}.
 */
public interface DispatchTarget {

  /**
   * Pushes as {@link ReadyQueue#push} does, except for what lies at or below the last position of
   * its partition. The jobs and their positions are one atomic step.
   *
   * @param batch at most 1,000
   * @return the ready jobs now in each queue that the batch names
   */
  default Map<String, Long> dispatch(List<StreamRecord> batch) {
    return dispatch(batch, Set.of());
  }

  /**
   * The same, but for attempts that are parked: of those only the positions are noted, and that
   * their groups have parked jobs. An earlier attempt of theirs is forgotten.
   *
   * @param parked attempts with a group
   */
  Map<String, Long> dispatch(List<StreamRecord> batch, Set<AttemptId> parked);

  /** As {@link ReadyQueue#depth}. */
  Map<String, Long> depth();
}
