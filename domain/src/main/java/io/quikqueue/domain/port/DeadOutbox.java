package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.util.Collection;
import java.util.List;

/**
 * The memory of FAILED jobs that were not yet published: one row each, written in the transaction
 * that made the job FAILED, whatever becomes of the job afterwards. Empty for good when the store
 * keeps no outbox. All methods throw {@link UnavailableException}.
 */
public interface DeadOutbox {

  /**
   * Jobs not yet published, oldest job first.
   *
   * @param limit at most 1,000
   */
  List<DeadJob> unpublished(int limit);

  /** Forgets what has been published. Rows already gone are no error. */
  void forget(Collection<AttemptId> published);
}
