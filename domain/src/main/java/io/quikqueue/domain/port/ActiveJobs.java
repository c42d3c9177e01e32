package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that ought to be in the stream, the ready queue or a worker: what a blank ready queue is
 * rebuilt from.
 */
public interface ActiveJobs {

  /**
   * Jobs in one active state, oldest first; of the QUEUED ones those that are not {@linkplain
   * ParkedJobs parked}.
   *
   * @param state QUEUED or RUNNING
   * @param after only jobs younger than this one; null = from the oldest
   * @param except queues whose jobs are passed over without being read
   * @param limit at most 1,000; fewer come when their payloads are large, none only when none is
   *     left
   * @throws UnavailableException when the store cannot be reached
   */
  List<Job> scan(JobState state, @Nullable JobId after, Set<String> except, int limit);

  /** Jobs of all queues, as {@link #scan(JobState, JobId, Set, int)} has them. */
  default List<Job> scan(JobState state, @Nullable JobId after, int limit) {
    return scan(state, after, Set.of(), limit);
  }

  /**
   * The workers that run these jobs, by the RUNNING marks; those without a mark are left out.
   *
   * @param running at most 1,000
   * @throws UnavailableException when the store cannot be reached
   */
  Map<JobId, String> workers(Collection<JobId> running);

  /**
   * QUEUED jobs of one queue in the order they should run: by priority, then oldest first.
   *
   * @param after only jobs that come later in this order than this one; null = from the first
   * @param limit at most 1,000
   * @throws UnavailableException when the store cannot be reached
   */
  List<Job> backlog(BacklogQuery query, @Nullable Job after, int limit);

  /** Those of all groups, as {@link #backlog(BacklogQuery, Job, int)} has them. */
  default List<Job> backlog(String queue, Set<String> types, @Nullable Job after, int limit) {
    return backlog(new BacklogQuery(queue, types, null, Set.of()), after, limit);
  }
}
