package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.util.ArrayList;
import java.util.List;
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
      JobSpec job = node.job().toBuilder().node(new NodeRef(id, i, graph.refers(i))).build();
      boolean waits = !graph.needs(i).isEmpty();
      jobs.add(
          new Submission(
              Job.submit(make.anId(), job, node.runAt(), waits, make.now()).job(), null));
    }
    return new NewWorkflow(id, graph, jobs, null, make.now(), key);
  }
}
