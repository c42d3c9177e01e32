package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.workflow.WorkflowState;
import java.util.List;

/**
 * What workflows are told. A signal ends one node that waits for it; when none does it is kept for
 * the first that will, until the workflow is deleted. The bounds are those of a job's signals. It
 * throws {@link UnavailableException}.
 */
public interface WorkflowSignals {

  /** What became of a signal. */
  sealed interface Sent {

    /**
     * It is durable.
     *
     * @param taken whether a node has it; false = it is kept for one that waits later
     * @param ready the jobs that are QUEUED by it, to be announced
     */
    record Accepted(boolean taken, List<Job> ready) implements Sent {}

    /** It had been sent before. */
    record Repeated() implements Sent {}

    /** Another one was sent under its key before; this one is not kept. */
    record KeyReused() implements Sent {}

    record UnknownWorkflow() implements Sent {}

    /** The workflow has ended, or is about to. */
    record Over(WorkflowState state) implements Sent {}

    /** The workflow has too many signals, or too large ones. */
    record Full(String problem) implements Sent {}
  }

  /**
   * Keeps a signal and ends the node that waits for it, with all that follows of that, in one
   * transaction. Whether the node begins to wait before or after: the transaction that releases it
   * meets the signal, or this one meets the waiting node.
   *
   * @param signal whose {@code job} is the id of the workflow
   */
  Sent send(WorkflowId workflow, Signal signal);
}
