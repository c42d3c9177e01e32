package io.quikqueue.domain.port;

import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.policy.PolicyEntry;
import io.quikqueue.domain.policy.PolicyTable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How jobs of types and queues are tried: what callers set, and under it what configurations
 * declare, which is in force where no caller has set anything. Changes happen one after another,
 * each at once or not at all. All methods throw {@link UnavailableException}.
 */
public interface PolicyStore {

  /** The most queues and types that callers set policies of, and likewise that are declared. */
  int MOST = 1_000;

  /** What became of a policy that a caller set. */
  sealed interface PutResult {

    /**
     * @param created whether there was none before
     */
    record Done(PolicyEntry entry, boolean created) implements PutResult {}

    /** The precondition does not hold. */
    record Mismatch() implements PutResult {}

    /** There are {@link #MOST} already. */
    record Full() implements PutResult {}
  }

  /** What became of a request to delete what a caller set. */
  enum DeleteResult {
    DONE,
    MISMATCH,
    /** There was none, or only a declared one. */
    NONE
  }

  /**
   * All policies in force, as of one moment.
   *
   * @param known what was read before; the same object is answered when it is still so
   */
  PolicyTable table(PolicyTable known);

  /** What is in force for a queue or type. */
  Optional<PolicyEntry> find(LimitKey key);

  /** Sets a policy in the place of all that a caller set for the same queue or type before. */
  PutResult put(
      LimitKey key,
      PolicyOptions policy,
      String by,
      Instant at,
      Predicate<@Nullable PolicyEntry> precondition);

  /**
   * Deletes what a caller set for a queue or type, so that what is declared is in force again. The
   * precondition is for what a caller set; where there is nothing it does not matter.
   */
  DeleteResult delete(LimitKey key, Predicate<@Nullable PolicyEntry> precondition);

  /**
   * Declares policies in the place of all that were declared before. What is declared already stays
   * as it is, with its version.
   *
   * @param declared at most {@link #MOST}
   */
  void declare(Map<LimitKey, PolicyOptions> declared, String by, Instant at);
}
