package io.quikqueue.domain.usecase.limit;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.LimitStore.DeleteResult;
import io.quikqueue.domain.port.LimitStore.PutResult;
import io.quikqueue.domain.usecase.Caller;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Shows and changes the limits of queues and types, in force on every process within a second. All
 * methods throw {@link io.quikqueue.domain.port.UnavailableException} when the store cannot be
 * reached.
 */
public final class ChangeLimits {

  private final LimitStore store;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public ChangeLimits(LimitStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** What is in force for a queue or type, which need not have had a job yet. */
  public Optional<LimitEntry> find(Caller caller, LimitKey key) {
    return store.find(key);
  }

  /**
   * Sets limits in the place of all that were set before.
   *
   * @return empty = the precondition does not hold, and nothing was changed
   * @throws InvalidFieldException when it cannot have these limits, or too many have some
   */
  public Optional<PutResult.Done> put(
      Caller caller, LimitKey key, Limits limits, Precondition precondition) {
    key.requireFit(limits);
    return switch (store.put(key, limits, caller.id(), clock.instant(), precondition)) {
      case PutResult.Done done -> Optional.of(done);
      case PutResult.Mismatch() -> Optional.empty();
      case PutResult.Full(String problem) ->
          throw new InvalidFieldException(key.kind().label(), problem);
    };
  }

  /** Deletes what a caller set, so that what a configuration declares is in force again. */
  public DeleteResult delete(Caller caller, LimitKey key, Precondition precondition) {
    return store.delete(key, precondition);
  }
}
