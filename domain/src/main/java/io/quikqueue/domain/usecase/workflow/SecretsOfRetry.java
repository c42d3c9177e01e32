package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.workflow.NodesAgain.NotPossibleException;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.Rerun;
import io.quikqueue.domain.workflow.RetryRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the new payloads of a retry take what is secret in results to where everybody
 * sees it, as a submit does.
 */
final class SecretsOfRetry {

  /** Characters of the payloads with references. */
  private static final long MOST_CHARS = 64L << 20;

  private final Admission admission;
  private final JobStore jobs;

  SecretsOfRetry(Admission admission, JobStore jobs) {
    this.admission = admission;
    this.jobs = jobs;
  }

  /**
   * New references may take secrets where they are seen, also by nodes further behind: so then all
   * nodes are looked at that are part of the workflow, and those that new payloads refer to. What
   * nodes have in them that refer to nothing is data, also where it looks like a reference.
   *
   * @return what is wrong, with fields as {@code payloads.NAME}
   * @throws NotPossibleException when they cannot be
   */
  List<Wrong> leaks(EndedNodes ended, Graph graph, Rerun rerun, RetryRequest asked)
      throws NotPossibleException {
    if (ended.nodes().stream()
        .noneMatch(node -> edits(asked, node) && graph.refers(node.index()))) {
      return List.of();
    }
    Set<String> referred = referred(asked);
    List<NodeView> nodes =
        ended.nodes().stream()
            .filter(node -> !isRetired(node, rerun) || referred.contains(node.name()))
            .toList();
    Specs specs = new Specs(asked);
    NodeJobs.read(jobs, nodes, specs);
    return specs.all.isEmpty()
        ? List.of()
        : EndedNodes.ofPayloads(admission.leaks(ended.spec(specs.all)), specs.all);
  }

  private static boolean edits(RetryRequest asked, NodeView node) {
    return asked.payloads().containsKey(node.name());
  }

  private static boolean isRetired(NodeView node, Rerun rerun) {
    return rerun.retired().contains(node.index()) || Rerun.isRetired(node.name(), node.ended());
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

  /** Nodes as they will be; of one whose job was deleted the result is gone with it. */
  private static final class Specs implements NodeJobs.Reader<NotPossibleException> {

    private final RetryRequest asked;
    private final List<NodeSpec> all = new ArrayList<>();
    private long chars;

    Specs(RetryRequest asked) {
      this.asked = asked;
    }

    @Override
    public boolean read(NodeView node, @Nullable Job job) throws NotPossibleException {
      if (job == null) {
        return true;
      }
      String payload = payload(node, job);
      if (SealedText.isSealed(payload)) {
        throw NotPossibleException.closed(node);
      }
      chars += payload.length();
      if (chars > MOST_CHARS) {
        throw NotPossibleException.tooLong();
      }
      all.add(EndedNodes.spec(node, job.spec().toBuilder().payload(payload).build()));
      return true;
    }

    private String payload(NodeView node, Job job) {
      NodeRef ref = job.spec().node();
      boolean refers = ref == null || ref.refers();
      String given = asked.payloads().get(node.name());
      return given != null ? given : refers ? job.spec().payload() : "null";
    }
  }
}
