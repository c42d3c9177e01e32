package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The jobs that are ready to run, and the leases of those that run. Within a queue the best
 * priority comes first, then the groups in turn by their weights, then arrival; jobs without a
 * group are one group. A job waits until somebody takes its type and its limits let it start. Fast,
 * bounded, disposable: it may be wiped at any time and is then rebuilt. Each method is atomic. Time
 * is the ready queue's own clock, never the caller's. All methods throw {@link
 * UnavailableException}.
 */
public interface ReadyQueue {

  /**
   * Adds jobs. Ignored are: an attempt that is known (ready, leased, or finished within the last
   * minute), and one older than the known attempt of its job. A higher attempt replaces a lower
   * one, even a leased one.
   *
   * @param jobs at most 1,000 that are QUEUED
   * @return the ready jobs now in each queue that the batch names
   */
  Map<String, Long> push(List<Job> jobs);

  /**
   * Takes jobs under a lease, waiting until there is one that was asked for and may start. Queues
   * are served in turn; within a queue all types are one line. What is leased counts as running
   * until it is acknowledged, released or replaced, whoever has the lease. Jobs whose lease has
   * expired are not taken here, see {@link #reclaimExpired}.
   *
   * @return the jobs as they were announced, QUEUED, without result; oldest of the best priority
   *     first, fewer when their payloads are large; empty when none came in time
   */
  List<Job> take(TakeRequest request) throws InterruptedException;

  /**
   * Renews leases. An attempt that is not known at all, or ready, becomes leased to this worker (so
   * that running jobs survive a wipe).
   *
   * @param running the attempts this worker runs, at most 1,000
   * @return the attempts that this worker has lost: leased by another, replaced by a later attempt,
   *     or finished
   */
  Set<AttemptId> extend(String worker, Collection<Envelope> running, Duration lease);

  /**
   * Forgets finished attempts, remembering for a minute that they finished. Unknown ones are
   * remembered too.
   */
  void ack(Collection<AttemptId> finished);

  /**
   * Makes attempts ready again, ahead of others of their priority: those that this worker has
   * leased, and those that are assumed to be leased and that no worker has taken up.
   *
   * @param unfinished their jobs as they are now, QUEUED, which replace what was pushed; at most
   *     1,000
   */
  void release(String worker, Collection<Job> unfinished);

  /**
   * Hands over attempts whose lease has expired, leased anew to the caller so that no other rescuer
   * gets them.
   *
   * @param limit at most 1,000; fewer may come, none only when none has expired
   */
  List<ExpiredLease> reclaimExpired(String rescuer, int limit, Duration lease);

  /** Ready jobs per queue; queues that were never pushed to are absent. */
  Map<String, Long> depth();
}
