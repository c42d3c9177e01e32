package io.quikqueue.contracts;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.Rerun;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes workflows for tests. */
public final class NewWorkflows {

  private NewWorkflows() {}

  /** A node that echoes its name. */
  public static NodeSpec node(String name, String... needs) {
    return node(name, RunIf.ALL_SUCCEEDED, false, needs);
  }

  /** Likewise. */
  public static NodeSpec node(String name, RunIf runIf, boolean optional, String... needs) {
    JobSpec job = JobSpec.of("echo", "\"" + name + "\"");
    return new NodeSpec(name, job, null, List.of(needs), runIf, optional);
  }

  /** A node that waits instead of running. */
  public static NodeSpec waits(String name, NodeWait wait, String... needs) {
    JobSpec job = JobSpec.of(NodeWait.TYPE, "{}");
    return new NodeSpec(name, job, null, List.of(needs), RunIf.ALL_SUCCEEDED, false, wait);
  }

  /** A node that is one for each item of a list. */
  public static NodeSpec forEach(String name, String list, int max, String... needs) {
    JobSpec job = JobSpec.of("echo", "{\"$from\":\"$item\"}");
    ForEach items = new ForEach(list, max, false);
    return new NodeSpec(name, job, null, List.of(needs), RunIf.ALL_SUCCEEDED, false, null, items);
  }

  /** A workflow of these. */
  public static NewWorkflow of(Jobs make, NodeSpec... nodes) {
    return of(make, new WorkflowSpec("test", OnFailure.FINISH_BRANCHES, List.of(nodes)));
  }

  /** With jobs for its nodes. */
  public static NewWorkflow of(Jobs make, WorkflowSpec spec) {
    return of(make, spec, null);
  }

  /** Likewise, under a key. */
  public static NewWorkflow of(Jobs make, WorkflowSpec spec, @Nullable IdempotencyKey key) {
    Graph graph = Graph.of(spec);
    WorkflowId id = new WorkflowId(make.anId());
    List<Submission> jobs = new ArrayList<>();
    for (int i = 0; i < graph.size(); i++) {
      NodeSpec node = spec.nodes().get(i);
      JobSpec job = node.job().toBuilder().node(node.ref(id, i, graph.refers(i))).build();
      boolean waits = !graph.needs(i).isEmpty();
      jobs.add(
          new Submission(
              Job.submit(make.anId(), job, node.runAt(), waits, make.now()).job(), null));
    }
    return new NewWorkflow(id, graph, jobs, null, make.now(), key);
  }

  /**
   * A retry of a workflow that has ended.
   *
   * @param spec what it was made of, with the nodes that were added
   */
  public static NewGeneration again(
      Jobs make,
      WorkflowSpec spec,
      WorkflowView view,
      List<NodeView> nodes,
      RetryRequest asked,
      @Nullable IdempotencyKey key) {
    Graph graph = Graph.grown(spec);
    List<JobState> ends = nodes.stream().map(node -> Objects.requireNonNull(node.ended())).toList();
    Rerun rerun = Rerun.of(graph, ends, asked);
    List<NewGeneration.Node> again = new ArrayList<>();
    WorkflowProgress progress = view.progress();
    for (Map.Entry<Integer, Needs> each : rerun.nodes().entrySet()) {
      int index = each.getKey();
      NodeSpec node = spec.nodes().get(index);
      String payload = asked.payloads().getOrDefault(node.name(), node.job().payload());
      JobSpec job =
          node.job().toBuilder()
              .payload(payload)
              .node(node.ref(view.id(), index, graph.refers(index)))
              .build();
      List<Integer> waitsFor = rerun.waitsFor().getOrDefault(index, List.of());
      boolean waits = !waitsFor.isEmpty();
      Job made = Job.submit(make.anId(), job, null, waits, make.now()).job();
      again.add(
          new NewGeneration.Node(index, new Submission(made, null), each.getValue(), waitsFor));
      progress = progress.again(ends.get(index), node.optional(), waits);
    }
    for (int index : rerun.retired()) {
      progress = progress.retired(ends.get(index), spec.nodes().get(index).optional());
    }
    List<Integer> retired = List.copyOf(rerun.retired());
    return new NewGeneration(
        view.id(), view.generation(), again, retired, progress, "somebody", make.now(), key);
  }
}
