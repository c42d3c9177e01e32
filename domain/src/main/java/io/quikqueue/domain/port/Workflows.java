package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Workflows, and the nodes that they are made of. What ends a node is {@link JobStore#save}, which
 * counts down in the same transaction what others need of it, and wakes or skips those for which it
 * was the last; what goes beyond a few hundred of them follows in further transactions, which
 * {@link #proceed} makes if the process dies between. All methods throw {@link
 * UnavailableException}.
 */
public interface Workflows {

  /** What became of a new workflow. */
  sealed interface Submitted {

    /**
     * It is durable.
     *
     * @param ready its jobs that are QUEUED, to be announced; none when it was stored before
     */
    record Stored(WorkflowView workflow, List<Job> ready) implements Submitted {}

    /** The key made a workflow before: this one. Nothing was stored. */
    record Replayed(WorkflowView workflow) implements Submitted {}

    /** The key was used for a different request, which made this workflow. Nothing was stored. */
    record KeyReused(WorkflowId first) implements Submitted {}

    /** More would wait in a queue than may. Nothing was stored. */
    record Full(SubmitResult.Full queue) implements Submitted {}

    /** The store cannot hold it. Nothing was stored. */
    record Refused(String reason) implements Submitted {}
  }

  /** What became of a retry. */
  sealed interface Retried {

    /**
     * It is durable.
     *
     * @param ready its jobs that are QUEUED, to be announced
     */
    record Stored(WorkflowView workflow, List<Job> ready) implements Retried {}

    /** The key retried this workflow before. Nothing was stored. */
    record Replayed(WorkflowView workflow) implements Retried {}

    /** The key was used for a different retry of this workflow. Nothing was stored. */
    record KeyReused() implements Retried {}

    /** The workflow is not any more where it was when the retry was made. Nothing was stored. */
    record Outdated() implements Retried {}

    /** More would wait in a queue than may. Nothing was stored. */
    record Full(SubmitResult.Full queue) implements Retried {}

    /** The store cannot hold it. Nothing was stored. */
    record Refused(String reason) implements Retried {}
  }

  /**
   * Stores a workflow with all its jobs in one transaction. The same one (by id) is stored once.
   */
  Submitted submit(NewWorkflow workflow);

  /** A workflow as it is now. */
  Optional<WorkflowView> find(WorkflowId id);

  /**
   * Some of its nodes, in their order.
   *
   * @param from the index of the first
   * @param limit at most 1,000
   */
  List<NodeView> nodes(WorkflowId id, int from, int limit);

  /** A workflow as it is now, or as an earlier generation of it ended. */
  Optional<WorkflowView> find(WorkflowId id, int generation);

  /** As {@link #nodes(WorkflowId, int, int)}, with the jobs that they had in a generation. */
  List<NodeView> nodes(WorkflowId id, int generation, int from, int limit);

  /**
   * Begins a new generation of a workflow that has ended: nodes get new jobs, in one transaction.
   * The same one (by its jobs) is stored once.
   */
  Retried retry(NewGeneration generation);

  /** What a key of an earlier retry of a workflow stands for; empty when it was not used yet. */
  Optional<Retried> retried(WorkflowId id, IdempotencyKey key);

  /** A page of workflows, newest first. A search for few among many ends within bounds. */
  WorkflowPage list(WorkflowQuery query);

  /** How many have not ended, by state; states of none are left out. */
  Map<WorkflowState, Long> open();

  /**
   * Cancels what has not ended of a workflow: from then on nothing of it starts. Its nodes become
   * CANCELLED in this call, in transactions of a few hundred.
   *
   * @return the workflow after it; empty when there is none. One that has ended stays as it is.
   */
  Optional<WorkflowView> cancel(WorkflowId id, Instant now);

  /**
   * The results of those of the named nodes that succeeded, and of which of them there is none.
   *
   * @param mostChars that they may have together
   * @return null when they have more
   */
  @Nullable NodeResults results(WorkflowId id, Collection<String> names, long mostChars);

  /**
   * Goes on where a process died between two transactions.
   *
   * @param most workflows to look at
   * @return the jobs that became QUEUED, to be announced
   */
  List<Job> proceed(int most);

  /**
   * Deletes workflows that ended before a moment, with the rows of their nodes, not their jobs, in
   * transactions of a bounded number of rows.
   *
   * @param limit workflows
   * @return how many were deleted; the limit when there are more, or something is left of one
   */
  int prune(Instant finishedBefore, int limit);
}
