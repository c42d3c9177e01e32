package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.job.WorkflowId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as a client asks for it, not checked yet.
 *
 * @param name unique in its workflow, 1 to 64 of {@code A-Z a-z 0-9 _ -}
 * @param job what it does; its payload may have {@linkplain Reference references}
 * @param runAt not before then; null = as soon as its needs have ended
 * @param needs the names of the nodes that it waits for
 * @param optional whether its failure counts as success
 * @param waitsFor what it waits for instead of running; null = it runs
 * @param forEach for the items of which list it stands; null = it stands for itself
 */
public record NodeSpec(
    String name,
    JobSpec job,
    @Nullable Instant runAt,
    List<String> needs,
    RunIf runIf,
    boolean optional,
    @Nullable NodeWait waitsFor,
    @Nullable ForEach forEach) {

  public NodeSpec {
    needs = List.copyOf(needs);
  }

  /** One that runs. */
  public NodeSpec(
      String name,
      JobSpec job,
      @Nullable Instant runAt,
      List<String> needs,
      RunIf runIf,
      boolean optional) {
    this(name, job, runAt, needs, runIf, optional, null, null);
  }

  /** One that waits. */
  public NodeSpec(
      String name,
      JobSpec job,
      @Nullable Instant runAt,
      List<String> needs,
      RunIf runIf,
      boolean optional,
      @Nullable NodeWait waitsFor) {
    this(name, job, runAt, needs, runIf, optional, waitsFor, null);
  }

  /** Which node of a workflow it is. */
  public NodeRef ref(WorkflowId workflow, int index, boolean refers) {
    return new NodeRef(workflow, index, refers, waitsFor, forEach);
  }
}
