package io.quikqueue.domain.port;

import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The limits of queues and types: those that callers set, and under them those that configurations
 * declare, which are in force where no caller has set any. Changes happen one after another, each
 * at once or not at all. All methods throw {@link UnavailableException}.
 */
public interface LimitStore {

  /** The most queues and types that callers set limits of, and likewise that are declared. */
  int MOST = 1_000;

  /** The most weights that callers set in all, and likewise that are declared. */
  int MOST_WEIGHTS = 10_000;

  /** What became of limits that a caller set. */
  sealed interface PutResult {

    /**
     * @param created whether there were no limits before
     */
    record Done(LimitEntry entry, boolean created) implements PutResult {}

    /** The precondition does not hold. */
    record Mismatch() implements PutResult {}

    /** There is no room for more. */
    record Full(String problem) implements PutResult {}
  }

  /** What became of a request to delete limits that a caller set. */
  enum DeleteResult {
    DONE,
    MISMATCH,
    /** There were none, or only declared ones. */
    NONE
  }

  /**
   * All limits in force, as of one moment.
   *
   * @param known what was read before; the same object is answered when it is still so
   */
  LimitTable table(LimitTable known);

  /** What is in force for a queue or type. */
  Optional<LimitEntry> find(LimitKey key);

  /** Sets limits in the place of all that a caller set for the same queue or type before. */
  PutResult put(LimitKey key, Limits limits, String by, Instant at, Precondition precondition);

  /**
   * Deletes what a caller set for a queue or type, so that what is declared is in force again. The
   * precondition is for what a caller set; where there is nothing it does not matter.
   */
  DeleteResult delete(LimitKey key, Precondition precondition);

  /**
   * Declares limits in the place of all that were declared before. What is declared already stays
   * as it is, with its version.
   *
   * @param declared at most {@link #MOST}, with at most {@link #MOST_WEIGHTS} weights in all
   */
  void declare(Map<LimitKey, Limits> declared, String by, Instant at);
}
