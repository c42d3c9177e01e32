package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The truth about every job. Each writing method is one transaction at READ COMMITTED with all its
 * side rows: the announcement of a job that became QUEUED (see {@link Outbox}), its timer (see
 * {@link Timers}), the record of an attempt that ended, the counters of its queue. A deadlock or a
 * lost connection is retried inside; all methods throw {@link UnavailableException} when that did
 * not help.
 */
public interface JobStore {

  /**
   * Stores new jobs, in order; durable when this returns. The same job (by id) stored twice is
   * stored once and accepted each time, with its key too, so that a call whose outcome is unknown
   * can be repeated. Keys are told apart character by character. A row that the store refuses, such
   * as one with a time that is out of its range, never fails its neighbours.
   *
   * @param submissions at most 1,000
   * @return one answer per submission, in the same order
   */
  List<SubmitResult> submit(List<Submission> submissions);

  /**
   * Applies changes, each fenced: it takes effect only if it {@linkplain Change#fits fits} the job
   * as it is. Only what verbs can change is written, never the {@link
   * io.quikqueue.domain.job.JobSpec}. A change that an earlier call with unknown outcome has
   * applied counts as applied.
   *
   * @param changes at most 1,000, at most one per job
   * @return the attempts ({@link Change#attempt}) whose change took effect; the others met a job
   *     that has moved on
   */
  Set<AttemptId> save(List<Change> changes);

  /**
   * Saves changes as {@link #save(List)} does. A change that the store refuses for what is in it
   * never fails its neighbours.
   *
   * @param refused told of each such change and why; it is not among those returned
   */
  default Set<AttemptId> save(List<Change> changes, BiConsumer<AttemptId, String> refused) {
    return save(changes);
  }

  /** The jobs with these ids, as they are now; unknown ids are left out. At most 1,000. */
  Map<JobId, Job> find(Collection<JobId> ids);

  /**
   * The states of the jobs with these ids, as they are now, without reading payloads and results;
   * unknown ids are left out. At most 1,000.
   */
  Map<JobId, JobState> states(Collection<JobId> ids);

  /**
   * Those of the attempts that are still the current one of a QUEUED or RUNNING job. At most 1,000.
   */
  Set<AttemptId> current(Collection<AttemptId> attempts);

  /** A page of jobs, newest first. */
  JobPage list(JobQuery query);

  /** The attempts of a job that have ended, oldest first, at most the last 100. */
  List<AttemptRecord> attempts(JobId id);

  /**
   * Deletes jobs that reached a terminal state before a moment, with all their side rows.
   *
   * @param limit jobs, at most 1,000
   * @return how many were deleted; fewer than {@code limit} = none is left
   */
  int prune(java.time.Instant finishedBefore, int limit);

  /**
   * Deletes those of the jobs that have reached a terminal state, with all their side rows.
   *
   * @param ids at most 1,000
   * @return how many were deleted
   */
  int deleteEnded(Collection<JobId> ids);
}
