package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.WorkflowProgress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A retry of a workflow to store.
 *
 * @param after the generation that has ended, which the retry was made for
 * @param again the nodes that run again, in ascending order of their indexes; at least one
 * @param retired the indexes of nodes that are SKIPPED until those that added them, which run
 *     again, add them again; in ascending order
 * @param progress where the workflow stands then
 * @param by the id of the caller
 * @param key guards against storing it twice; null = none was sent
 */
public record NewGeneration(
    WorkflowId id,
    int after,
    List<Node> again,
    List<Integer> retired,
    WorkflowProgress progress,
    @Nullable String by,
    Instant now,
    @Nullable IdempotencyKey key) {

  /** Of one workflow; each of them keeps rows of its nodes. */
  public static final int MOST = 1_000;

  /**
   * A node that runs again.
   *
   * @param submission its new job, without a key of its own
   * @param needs with what is kept of those before it counted
   * @param waitsFor the indexes of those that it needs and that run again too
   */
  public record Node(int index, Submission submission, Needs needs, List<Integer> waitsFor) {

    public Node {
      waitsFor = List.copyOf(waitsFor);
    }

    public Job job() {
      return submission.job();
    }
  }

  public NewGeneration {
    again = List.copyOf(again);
    retired = List.copyOf(retired);
    if (again.isEmpty()) {
      throw new IllegalArgumentException("a retry of workflow " + id + " without nodes");
    }
  }
}
