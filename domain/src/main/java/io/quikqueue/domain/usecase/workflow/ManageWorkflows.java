package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.usecase.Caller;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows workflows and cancels them. All methods throw what the store throws. */
public final class ManageWorkflows {

  private final Workflows store;
  private final JobStore jobs;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public ManageWorkflows(Workflows store, JobStore jobs, InstantSource clock) {
    this.store = store;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * A node, and where its job stands.
   *
   * @param state how the node ended, even when its job is gone
   */
  public record ShownNode(NodeView node, JobState state) {}

  /** A workflow as it is now. */
  public Optional<WorkflowView> find(Caller caller, WorkflowId id) {
    return store.find(id);
  }

  /** A workflow as it is now, or as an earlier generation of it ended. */
  public Optional<WorkflowView> find(Caller caller, WorkflowId id, int generation) {
    return store.find(id, generation);
  }

  /** Nodes from this index on, at most 500, as they were in a generation. */
  public List<ShownNode> nodes(Caller caller, WorkflowId id, int generation, int from, int limit) {
    List<NodeView> nodes = store.nodes(id, generation, from, limit);
    List<JobId> open =
        nodes.stream().filter(node -> node.ended() == null).map(NodeView::job).toList();
    Map<JobId, JobState> states = open.isEmpty() ? Map.of() : jobs.states(open);
    return nodes.stream()
        .map(
            node -> {
              JobState ended = node.ended();
              return new ShownNode(
                  node, ended != null ? ended : states.getOrDefault(node.job(), JobState.WAITING));
            })
        .toList();
  }

  /** A page of workflows, newest first. */
  public WorkflowPage list(Caller caller, WorkflowQuery query) {
    return store.list(query.within(caller.scope()));
  }

  /** Cancels what has not ended of a workflow; empty when there is none. */
  public Optional<WorkflowView> cancel(Caller caller, WorkflowId id) {
    return store.cancel(id, clock.instant());
  }
}
