package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
   * can be repeated. Keys are told apart character by character; one counts until it expires,
   * whether or not its job is still there, and may be used anew from then on. A row that the store
   * refuses, such as one with a time that is out of its range, never fails its neighbours.
   *
   * <p>The jobs of one queue and {@code ordering_key} stand in a line: in the order of the calls,
   * and within one in that of the list. One that comes behind another is stored, and answered with,
   * as WAITING, however it was given.
   *
   * <p>Of all jobs with the same {@linkplain io.quikqueue.domain.job.Unique slot} at most one is
   * its holder, whoever submits at the same time; of several in one call the first comes first. A
   * holder leaves its slot with the change of its state that ends it or leads out of its states,
   * and when its time is over.
   *
   * @param submissions at most 1,000
   * @return one answer per submission, in the same order
   */
  List<SubmitResult> submit(List<Submission> submissions);

  /**
   * Applies transitions, each fenced: it takes effect only if it {@linkplain Transition#fits fits}
   * the job as it is. Only what verbs can change is written, and the {@link
   * io.quikqueue.domain.job.JobSpec} only by one that {@linkplain Transition#edits edits} it;
   * beside it what its events ask for. One that an earlier call with unknown outcome has applied
   * counts as applied. One that brings a job that had ended back into the states in which it holds
   * its slot takes the slot again, or has no effect when another job holds it. One that the store
   * refuses for what is in it never fails its neighbours.
   *
   * <p>A job that ends leaves the line of its {@code ordering_key}; when it was the first, the next
   * one {@linkplain Job#wake becomes} QUEUED or SCHEDULED in the same transaction. One that is
   * retried by hand goes to the end of its line, and is WAITING when others are in it.
   *
   * <p>Where a job ends in a way that its {@linkplain io.quikqueue.domain.job.Callback callback} is
   * to tell of, the {@linkplain io.quikqueue.domain.callback.CallbackJobs job that does so} is
   * stored in the same transaction, QUEUED; a call that repeats an applied one makes no other.
   *
   * <p>The success of a node may {@linkplain Transition#spawned add nodes} to its workflow, once
   * and in the same transaction: they are named behind it and wait for nothing, and those that wait
   * for it wait for them too. One that makes the workflow larger than it may be is refused whole.
   * One that comes while the workflow is being cancelled has no effect: the node will be CANCELLED,
   * so that a retry runs it again.
   *
   * @param transitions at most 1,000, at most one per job
   */
  SaveResult save(List<Transition> transitions);

  /** The jobs with these ids, as they are now; unknown ids are left out. At most 1,000. */
  Map<JobId, Job> find(Collection<JobId> ids);

  /**
   * What the same request would be answered with that is sent again under this key: {@link
   * SubmitResult.Replayed} or {@link SubmitResult.ReplayedDeleted}. Empty when the key made no job,
   * has expired by then, or was used for another request.
   */
  Optional<SubmitResult> find(IdempotencyKey key, Instant now);

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
   * The earlier generations of a job, the last one first: at most {@link Generation#MOST_KEPT},
   * with payloads of {@link Generation#MOST_CHARS} together or a single one.
   */
  List<Generation> generations(JobId id);

  /** {@link #prune(Instant, Map, int)} in all queues. */
  default int prune(Instant finishedBefore, int limit) {
    return prune(finishedBefore, Map.of(), limit);
  }

  /**
   * Deletes jobs that reached a terminal state before a moment, with all their side rows but their
   * idempotency keys.
   *
   * @param except by queue the states in which jobs are left alone, unless they are nodes of
   *     workflows
   * @param limit jobs, at most 1,000
   * @return how many were deleted; fewer than {@code limit} = none is left
   */
  int prune(Instant finishedBefore, Map<String, Set<JobState>> except, int limit);

  /**
   * Looks for jobs of a queue in a terminal state, the oldest first, without nodes of workflows and
   * jobs that hold a line.
   *
   * @param after only jobs younger than this one; null = from the oldest
   * @param before only jobs submitted before this moment
   * @param limit at most 1,000
   */
  EndedJobs ended(String queue, JobState state, @Nullable JobId after, Instant before, int limit);

  /**
   * Likewise the newest first.
   *
   * @param before only jobs older than this one; null = from the newest
   * @param limit at most 1,000
   */
  EndedJobs newestEnded(String queue, JobState state, @Nullable JobId before, int limit);

  /**
   * Deletes idempotency keys that have expired by a moment.
   *
   * @param limit keys, at most 1,000
   * @return how many were deleted; fewer than {@code limit} = none is left
   */
  int pruneKeys(Instant now, int limit);

  /**
   * Deletes those of the jobs that have reached a terminal state, as {@link #prune} does.
   *
   * @param ids at most 1,000
   * @return how many were deleted
   */
  default int deleteEnded(Collection<JobId> ids) {
    return deleteEnded(ids, Instant.MAX);
  }

  /** As {@link #deleteEnded(Collection)}, of those that ended before a moment. */
  int deleteEnded(Collection<JobId> ids, Instant finishedBefore);
}
