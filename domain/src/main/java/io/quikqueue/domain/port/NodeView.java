package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.workflow.RunIf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a workflow as it is now.
 *
 * @param index from 0, in the order in which the workflow names its nodes
 * @param needs the names of the nodes that it needs
 * @param ended the terminal state that it reached; null = it has not ended
 */
public record NodeView(
    int index,
    String name,
    JobId job,
    List<String> needs,
    RunIf runIf,
    boolean optional,
    @Nullable JobState ended) {

  public NodeView {
    needs = List.copyOf(needs);
  }
}
