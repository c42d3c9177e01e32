package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.NodeView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of nodes, few of them in memory at once, as each may have a large payload and result.
 */
final class NodeJobs {

  private static final int AT_ONCE = 16;

  private NodeJobs() {}

  /** Gets the jobs of nodes, one after the other. */
  interface Reader<E extends Exception> {

    /**
     * Gets one.
     *
     * @param job null = it has been deleted
     * @return whether to go on
     */
    boolean read(NodeView node, @Nullable Job job) throws E;
  }

  /** Reads those of some nodes, in their order. */
  static <E extends Exception> void read(JobStore jobs, List<NodeView> nodes, Reader<E> reader)
      throws E {
    for (int from = 0; from < nodes.size(); from += AT_ONCE) {
      List<NodeView> part = nodes.subList(from, Math.min(from + AT_ONCE, nodes.size()));
      Map<JobId, Job> found = jobs.find(part.stream().map(NodeView::job).toList());
      for (NodeView node : part) {
        if (!reader.read(node, found.get(node.job()))) {
          return;
        }
      }
    }
  }
}
