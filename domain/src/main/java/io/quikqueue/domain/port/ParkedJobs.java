package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * QUEUED jobs that came out of the stream and that the ready queue has no room for, since the
 * window of their group is full. A row that is still there after its job has gone on does no harm.
 * All methods throw {@link UnavailableException}.
 */
public interface ParkedJobs {

  /**
   * A parked attempt.
   *
   * @param job as it is now; null = it is not QUEUED in this attempt any more
   */
  record Parked(AttemptId attempt, int priority, @Nullable Job job) {}

  /** Parks attempts; those that are parked already stay so. At most 1,000, each with a group. */
  void park(Collection<Envelope> attempts);

  /**
   * The first parked jobs of a group: by priority, then oldest first.
   *
   * @param limit at most 1,000; fewer come when their payloads are large, none only when none is
   *     left
   */
  List<Parked> first(GroupOfQueue group, int limit);

  /** Parks these no longer. */
  void remove(GroupOfQueue group, Collection<Parked> gone);

  /**
   * Groups that have parked jobs, by queue and name.
   *
   * @param after only those that come later in this order; null = from the first
   */
  List<GroupOfQueue> groups(@Nullable GroupOfQueue after, int limit);
}
