package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Reach;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.Graph;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new workflow to store.
 *
 * @param jobs those of its nodes, in their order, without keys of their own; those with needs are
 *     WAITING
 * @param owner the id of the caller
 * @param key guards against storing it twice; null = none was sent
 */
public record NewWorkflow(
    WorkflowId id,
    Graph graph,
    List<Submission> jobs,
    @Nullable String owner,
    Instant createdAt,
    @Nullable IdempotencyKey key) {

  public NewWorkflow {
    jobs = List.copyOf(jobs);
    if (jobs.size() != graph.size()) {
      throw new IllegalArgumentException(jobs.size() + " jobs for " + graph.size() + " nodes");
    }
  }

  /** Of which kinds its jobs are; null = of too many. */
  public @Nullable Reach reach() {
    return Reach.of(jobs.stream().map(each -> each.job().spec()).toList());
  }
}
