package io.quikqueue.domain.usecase.workflow;

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
      throw new InvalidWorkflowException(ofPayloads(e.wrongs(), specs));
    }
  }

  private Map<JobId, NodeRef> ofItems(RetryRequest asked, JobStore jobs) {
    List<NodeView> some =
        nodes.stream().filter(node -> isOfItems(asked.payloads().get(node.name()))).toList();
    Map<JobId, NodeRef> found = new HashMap<>(0);
    NodeJobs.read(
        jobs,
        some,
        (node, job) -> {
          NodeRef ref = job == null ? null : job.spec().node();
          if (ref != null) {
            found.put(node.job(), ref);
          }
          return true;
        });
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

  /**
   * What is wrong with nodes, with the fields of the request, as {@code payloads.NAME}.
   *
   * @param specs the nodes
   */
  static List<Wrong> ofPayloads(List<Wrong> wrongs, List<NodeSpec> specs) {
    return wrongs.stream().map(wrong -> new Wrong(field(wrong, specs), wrong.message())).toList();
  }

  private static String field(Wrong wrong, List<NodeSpec> specs) {
    String[] parts = wrong.field().split("\\.", -1);
    boolean ofNode = parts.length == 3 && parts[2].equals("payload");
    return ofNode ? "payloads." + specs.get(Integer.parseInt(parts[1])).name() : "payloads";
  }
}
