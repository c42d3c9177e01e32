package io.quikqueue.domain.usecase.operate;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.Operation.Action;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.usecase.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Begins operations on many jobs, shows them and stops them; {@link RunOperations} makes them. All
 * methods throw {@link io.quikqueue.domain.port.UnavailableException} when the store cannot be
 * reached.
 */
public final class ManageOperations {

  /** The highest rate, in jobs per second. */
  public static final int MAX_RATE = 100_000;

  private final Operations operations;
  private final JobIds ids;
  private final InstantSource clock;

  /**
   * @param ids as of the jobs that are submitted
   * @param clock the store's clock
   */
  public ManageOperations(Operations operations, JobIds ids, InstantSource clock) {
    this.operations = operations;
    this.ids = ids;
    this.clock = clock;
  }

  /** What became of the wish to move an operation to another state. */
  public sealed interface Moved {

    /** It is in that state. */
    record Done(Operation operation) implements Moved {}

    /** It is over. */
    record Over(Operation operation) implements Moved {}

    /** There is no such operation. */
    record Unknown() implements Moved {}
  }

  /**
   * Begins an operation on all jobs that match now; what is submitted later is left alone.
   *
   * @param to what jobs are to have from then on, if the action is one that changes this
   * @param rate jobs to change in a second at most; null = no limit
   * @throws InvalidFieldException when the filter names nothing, the rate is out of range, or too
   *     many operations are under way
   */
  public Operation begin(
      Caller caller,
      Action action,
      @Nullable Move to,
      JobFilter filter,
      boolean dryRun,
      @Nullable Integer rate) {
    if (filter.isEmpty()) {
      throw new InvalidFieldException("filter", "must name something: it would match every job");
    }
    if (rate != null && (rate < 1 || rate > MAX_RATE)) {
      throw new InvalidFieldException("rate", "must be from 1 to %d".formatted(MAX_RATE));
    }
    if (operations.underWay().size() >= Operations.MOST) {
      throw new InvalidFieldException(
          "action", "cannot begin: %d operations are under way".formatted(Operations.MOST));
    }
    if (to != null && to.queue() != null) {
      caller.scope().requireQueue("queue", to.queue());
    }
    JobFilter own = filter.within(caller.scope());
    Operation operation =
        Operation.begun(
            ids.next(), action, to, own, dryRun, rate(caller, action, rate), caller.id(), now());
    operations.create(operation);
    return operation;
  }

  /** One that makes jobs run again goes no faster than the caller could. */
  private static @Nullable Integer rate(Caller caller, Action action, @Nullable Integer asked) {
    Integer most = action == Action.RETRY ? caller.allowance().perSecond() : null;
    return most == null ? asked : asked == null ? most : (Integer) Math.min(asked, most);
  }

  /** An operation by its id. */
  public Optional<Operation> find(Caller caller, JobId id) {
    return operations.operation(id);
  }

  /**
   * Operations, newest first; who has a scope has to do with their own alone.
   *
   * @param after only older ones than this
   */
  public List<Operation> list(Caller caller, @Nullable JobId after, int limit) {
    return operations.operations(after, limit, caller.scope().isAll() ? null : caller.id());
  }

  /** Lets an operation go no further for now; the batch that is being changed is finished. */
  public Moved pause(Caller caller, JobId id) {
    return move(id, OperationState.PAUSED);
  }

  /** Lets a paused operation go on. */
  public Moved resume(Caller caller, JobId id) {
    return move(id, OperationState.RUNNING);
  }

  /** Ends an operation; what it has changed stays so. */
  public Moved abort(Caller caller, JobId id) {
    return move(id, OperationState.ABORTED);
  }

  private Moved move(JobId id, OperationState to) {
    boolean moved =
        operations.move(id, Set.of(OperationState.RUNNING, OperationState.PAUSED), to, now());
    Operation now = operations.operation(id).orElse(null);
    if (now == null) {
      return new Moved.Unknown();
    }
    return moved || now.state() == to ? new Moved.Done(now) : new Moved.Over(now);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
