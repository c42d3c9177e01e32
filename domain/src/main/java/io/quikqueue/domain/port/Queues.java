package io.quikqueue.domain.port;

import java.util.List;
import java.util.Optional;

/**
 * Figures about queues, from counters that every transaction maintains. All methods throw {@link
 * UnavailableException}.
 */
public interface Queues {

  /** Every queue that ever had a job, sorted by name. At most 1,000. */
  List<QueueFigures> all();

  /** One queue; empty when it never had a job. */
  Optional<QueueFigures> find(String queue);
}
