package io.quikqueue.domain.usecase.policy;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.policy.PolicyEntry;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.port.PolicyStore.DeleteResult;
import io.quikqueue.domain.port.PolicyStore.PutResult;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows and changes how jobs of types and queues are tried, in force on every process within a
 * second. All methods throw {@link io.quikqueue.domain.port.UnavailableException} when the store
 * cannot be reached.
 */
public final class ChangePolicies {

  private final PolicyStore store;
  private final InstantSource clock;
  private final Duration longestTimeout;

  /**
   * @param clock the store's clock
   * @param longestTimeout the longest that one attempt of a job may run
   */
  public ChangePolicies(PolicyStore store, InstantSource clock, Duration longestTimeout) {
    this.store = store;
    this.clock = clock;
    this.longestTimeout = longestTimeout;
  }

  /** What is in force for a queue or type, which need not have had a job yet. */
  public Optional<PolicyEntry> find(Caller caller, LimitKey key) {
    return store.find(key);
  }

  /**
   * Sets a policy in the place of all that was set before.
   *
   * @return empty = the precondition does not hold, and nothing was changed
   * @throws InvalidFieldException when its timeout is too long, or too many have one
   */
  public Optional<PutResult.Done> put(
      Caller caller,
      LimitKey key,
      PolicyOptions policy,
      Predicate<@Nullable PolicyEntry> precondition) {
    Duration timeout = policy.timeout();
    if (timeout != null && timeout.compareTo(longestTimeout) > 0) {
      throw new InvalidFieldException(
          "timeout",
          "must be at most " + longestTimeout.toSeconds() + " s here (setting rest.maxTimeout)");
    }
    return switch (store.put(key, policy, caller.id(), clock.instant(), precondition)) {
      case PutResult.Done done -> Optional.of(done);
      case PutResult.Mismatch() -> Optional.empty();
      case PutResult.Full() ->
          throw new InvalidFieldException(
              key.kind().label(),
              "%d queues and types have policies already".formatted(PolicyStore.MOST));
    };
  }

  /** Deletes what a caller set, so that what a configuration declares is in force again. */
  public DeleteResult delete(
      Caller caller, LimitKey key, Predicate<@Nullable PolicyEntry> precondition) {
    return store.delete(key, precondition);
  }
}
