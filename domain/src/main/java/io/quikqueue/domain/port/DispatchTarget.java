package io.quikqueue.domain.port;

import java.util.List;
import java.util.Map;

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
  Map<String, Long> dispatch(List<StreamRecord> batch);

  /** As {@link ReadyQueue#depth}. */
  Map<String, Long> depth();
}
