package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.workflow.NodesAgain.NotPossibleException;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out whether the new payloads of a retry take what is secret in results to where everybody
 * sees it, as a submit does. Of the nodes that are kept only those are read that new payloads refer
 * to.
 */
final class SecretsOfRetry {

  /** Jobs that are read at once. */
  private static final int READ = 16;

  /** Characters of the payloads of nodes that are kept. */
  private static final long MOST_CHARS = 16L << 20;

  /** Characters of the payloads of all nodes. */
  private static final long MOST_OF_ALL = 64L << 20;

  private final Admission admission;
  private final JobStore jobs;

  SecretsOfRetry(Admission admission, JobStore jobs) {
    this.admission = admission;
    this.jobs = jobs;
  }

  /**
   * New references may take secrets where they are seen, also by nodes further behind: so then all
   * nodes are looked at.
   *
   * @return what is wrong, with fields as {@code payloads.NAME}
   * @throws NotPossibleException when they cannot be
   */
  List<Wrong> leaks(EndedNodes ended, Graph graph, RetryRequest asked) throws NotPossibleException {
    List<NodeView> nodes = ended.nodes();
    if (nodes.stream()
        .noneMatch(
            node -> asked.payloads().containsKey(node.name()) && graph.refers(node.index()))) {
      return List.of();
    }
    List<NodeSpec> specs = new ArrayList<>(nodes.size());
    long chars = 0;
    for (int from = 0; from < nodes.size(); from += READ) {
      List<NodeView> part = nodes.subList(from, Math.min(from + READ, nodes.size()));
      Map<JobId, Job> found = EndedNodes.jobs(jobs, part);
      for (NodeView node : part) {
        Job job = found.get(node.job());
        if (job == null) {
          throw NotPossibleException.deleted(node);
        }
        String payload = asked.payloads().getOrDefault(node.name(), job.spec().payload());
        if (SealedText.isSealed(payload)) {
          throw NotPossibleException.closed(node);
        }
        chars += payload.length();
        if (chars > MOST_OF_ALL) {
          throw NotPossibleException.tooLong();
        }
        specs.add(EndedNodes.spec(node, job.spec().toBuilder().payload(payload).build()));
      }
    }
    return ended.ofPayloads(admission.leaks(ended.spec(specs)));
  }

  /** What is wrong, with fields as {@code payloads.NAME}. */
  List<Wrong> leaks(List<NodeView> nodes, List<NewGeneration.Node> again, RetryRequest asked) {
    List<NodeSpec> specs = new ArrayList<>();
    for (NewGeneration.Node node : again) {
      specs.add(spec(nodes.get(node.index()).name(), node.job().spec()));
    }
    if (!readKept(nodes, asked, specs)) {
      return List.of(new Wrong("payloads", "refer to nodes whose payloads are too long together"));
    }
    return admission.leaks(new WorkflowSpec("retry", OnFailure.FINISH_BRANCHES, specs)).stream()
        .map(
            wrong -> {
              int node = Integer.parseInt(wrong.field().split("\\.", -1)[1]);
              return new Wrong("payloads." + specs.get(node).name(), wrong.message());
            })
        .toList();
  }

  /** False = they are too large. */
  private boolean readKept(List<NodeView> nodes, RetryRequest asked, List<NodeSpec> specs) {
    Set<String> referred = referred(asked);
    specs.forEach(each -> referred.remove(each.name()));
    List<NodeView> kept = nodes.stream().filter(each -> referred.contains(each.name())).toList();
    long chars = 0;
    for (int from = 0; from < kept.size(); from += READ) {
      List<NodeView> part = kept.subList(from, Math.min(from + READ, kept.size()));
      Map<JobId, Job> found = jobs.find(part.stream().map(NodeView::job).toList());
      for (NodeView node : part) {
        Job job = found.get(node.job());
        if (job != null) { // else its result is gone with it
          specs.add(spec(node.name(), job.spec()));
          chars += job.spec().payload().length();
        }
      }
      if (chars > MOST_CHARS) {
        return false;
      }
    }
    return true;
  }

  private static Set<String> referred(RetryRequest asked) {
    Set<String> names = new HashSet<>();
    for (String payload : asked.payloads().values()) {
      for (References.Place place : References.in(payload)) {
        Reference reference = Reference.parse(place.text());
        if (reference != null) {
          names.add(reference.node());
        }
      }
    }
    return names;
  }

  private static NodeSpec spec(String name, JobSpec job) {
    NodeRef ref = job.node();
    return new NodeSpec(
        name,
        job,
        null,
        List.of(),
        RunIf.ALL_SUCCEEDED,
        false,
        null,
        ref == null ? null : ref.forEach());
  }
}
