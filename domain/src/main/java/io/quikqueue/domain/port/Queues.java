package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Figures about queues, from counters that every transaction maintains. All methods throw {@link
 * UnavailableException}.
 */
public interface Queues {

  /** Every queue that ever had a job, sorted by name. At most 1,000. */
  List<QueueFigures> all();

  /** One queue; empty when it never had a job. */
  Optional<QueueFigures> find(String queue);

  /**
   * Those of the jobs that wait which are more than may, the oldest first; nodes of workflows
   * count, but are passed over. A search among very many jobs of other queues may end early, with
   * fewer or none, and goes on in the next call; a job that came to wait again in the last half
   * minute may be passed over.
   *
   * @param group null = all of the queue; else those of it that are {@linkplain
   *     io.quikqueue.domain.job.JobSpec#countedInGroup counted}
   * @param most how many may wait
   * @param limit at most 1,000
   */
  List<JobId> oldestBeyond(String queue, @Nullable String group, int most, int limit);
}
