package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operations on many jobs. All methods throw {@link UnavailableException}. */
public interface Operations {

  /** The most that can be under way. */
  int MOST = 10;

  /** How many that are over are kept. */
  int KEPT = 100;

  /**
   * Keeps a new operation, and deletes the oldest of those that are over until {@link #KEPT} are
   * left. The same one created twice is kept once.
   */
  void create(Operation operation);

  /** An operation by its id. */
  Optional<Operation> operation(JobId id);

  /**
   * Operations, newest first.
   *
   * @param after only older ones than this
   * @param by only those that this caller began; null = all
   */
  List<Operation> operations(@Nullable JobId after, int limit, @Nullable String by);

  /** Operations of all callers, newest first. */
  default List<Operation> operations(@Nullable JobId after, int limit) {
    return operations(after, limit, null);
  }

  /** Those that are not over, oldest first. */
  List<Operation> underWay();

  /**
   * Moves an operation to a state, if it is in one of others.
   *
   * @return whether it was in one of these
   */
  boolean move(JobId id, Set<OperationState> from, OperationState to, Instant at);

  /**
   * Keeps what a step did, if nobody has gone on from the same cursor before: counts, cursor and,
   * when it is at the end and still RUNNING, that it is DONE. One that was paused or aborted
   * meanwhile stays so.
   *
   * @param before whose cursor is not null
   * @param after the same after the step
   * @param done whether it ends with this step
   * @return whether it was kept
   */
  boolean advance(Operation before, Operation after, boolean done);
}
