package io.quikqueue.kafka;

import io.quikqueue.domain.port.StreamRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the dispatcher calls: the dispatch use case and a look at the ready queue. */
public interface Dispatching {

  /**
   * Pushes a batch into the ready queue; may be called again with the same jobs.
   *
   * @param batch at most 1,000, in the order of their partitions
   * @return the queues that are now above their high-water mark
   * @throws io.quikqueue.domain.port.UnavailableException when that could not be made sure
   */
  Set<String> dispatch(List<StreamRecord> batch);

  /**
   * Ready jobs per queue; absent = none.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the ready queue cannot be asked
   */
  Map<String, Long> depth();
}
