package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * The memory of what was not yet announced: one row per attempt that became QUEUED, written in the
 * transaction that made it so. All methods throw {@link UnavailableException}.
 */
public interface Outbox {

  /**
   * Jobs not yet announced, oldest job first. A row whose job is no longer QUEUED at that attempt
   * is deleted instead of returned.
   *
   * @param writtenBefore younger rows are left to the process that wrote them
   * @param limit at most 1,000; fewer come when their payloads are large, none only when none is
   *     left
   */
  List<Job> pending(Instant writtenBefore, int limit);

  /** Whether this attempt has a row. */
  boolean holds(AttemptId attempt);

  /** Forgets what has been announced. Rows already gone are no error. */
  void delete(Collection<AttemptId> announced);

  /** How many rows there are, counted up to a bound of 100,000. */
  int size();
}
