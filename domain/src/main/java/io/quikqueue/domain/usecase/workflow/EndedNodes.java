package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a workflow that has ended, in their order, and how each ended.
 *
 * @param nodes as they are now
 * @param ends of each of them
 */
record EndedNodes(WorkflowView workflow, List<NodeView> nodes, List<JobState> ends) {

  private static final int PAGE = 1_000;

  /** Jobs that are read at once, each with a payload and a result that may be large. */
  private static final int READ = 16;

  EndedNodes {
    nodes = List.copyOf(nodes);
    ends = List.copyOf(ends);
  }

  /** Reads them; null = it is being deleted, or was retried by somebody else. */
  static @Nullable EndedNodes of(Workflows store, WorkflowView view) {
    List<NodeView> nodes = new ArrayList<>(view.nodes());
    boolean more = true;
    while (more && nodes.size() < view.nodes()) {
      List<NodeView> page = store.nodes(view.id(), nodes.size(), PAGE);
      nodes.addAll(page);
      more = page.size() == PAGE;
    }
    if (nodes.size() < view.nodes()) {
      return null;
    }
    List<JobState> ends = new ArrayList<>(nodes.size());
    for (NodeView node : nodes) {
      JobState end = node.ended();
      if (end == null) {
        return null;
      }
      ends.add(end);
    }
    return new EndedNodes(view, nodes, ends);
  }

  NodeView node(int index) {
    return nodes.get(index);
  }

  /**
   * The graph with the new payloads alone, which are checked by it.
   *
   * @param jobs where those are looked up whose new payload speaks of items
   * @throws InvalidWorkflowException with fields as {@code payloads.NAME}
   */
  Graph graph(RetryRequest asked, JobStore jobs) {
    Map<JobId, NodeRef> ofItems = ofItems(asked, jobs);
    List<NodeSpec> specs =
        nodes.stream()
            .map(
                node ->
                    spec(
                        node,
                        JobSpec.builder("any", asked.payloads().getOrDefault(node.name(), "null"))
                            .node(ofItems.get(node.job()))
                            .build()))
            .toList();
    try {
      return Graph.grown(spec(specs));
    } catch (InvalidWorkflowException e) {
      throw new InvalidWorkflowException(ofPayloads(e.wrongs()));
    }
  }

  private Map<JobId, NodeRef> ofItems(RetryRequest asked, JobStore jobs) {
    List<NodeView> some =
        nodes.stream().filter(node -> isOfItems(asked.payloads().get(node.name()))).toList();
    Map<JobId, NodeRef> found = new HashMap<>(0);
    for (int from = 0; from < some.size(); from += READ) {
      jobs(jobs, some.subList(from, Math.min(from + READ, some.size())))
          .forEach(
              (id, job) -> {
                NodeRef ref = job.spec().node();
                if (ref != null) {
                  found.put(id, ref);
                }
              });
    }
    return found;
  }

  private static boolean isOfItems(@Nullable String payload) {
    return payload != null
        && References.in(payload).stream()
            .map(place -> Reference.parse(place.text()))
            .anyMatch(reference -> reference != null && reference.isOfItem());
  }

  /** These nodes as a workflow. */
  WorkflowSpec spec(List<NodeSpec> specs) {
    return new WorkflowSpec(workflow.name(), workflow.progress().onFailure(), specs);
  }

  /** A node as it was asked for, with this job. */
  static NodeSpec spec(NodeView node, JobSpec job) {
    NodeRef ref = job.node();
    return new NodeSpec(
        node.name(),
        job,
        null,
        node.needs(),
        node.runIf(),
        node.optional(),
        null,
        ref == null ? null : ref.forEach());
  }

  /** The same with the fields of the request, as {@code payloads.NAME}. */
  List<Wrong> ofPayloads(List<Wrong> wrongs) {
    return wrongs.stream().map(wrong -> new Wrong(field(wrong), wrong.message())).toList();
  }

  private String field(Wrong wrong) {
    String[] parts = wrong.field().split("\\.", -1);
    boolean ofNode = parts.length == 3 && parts[2].equals("payload");
    return ofNode ? "payloads." + nodes.get(Integer.parseInt(parts[1])).name() : "payloads";
  }

  /** Reads the jobs of some of them, as far as they have not been deleted. */
  static Map<JobId, Job> jobs(JobStore jobs, List<NodeView> some) {
    return jobs.find(some.stream().map(NodeView::job).toList());
  }
}
