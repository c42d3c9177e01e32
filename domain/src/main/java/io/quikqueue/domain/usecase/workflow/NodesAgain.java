package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.Rerun;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.WorkflowProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of a workflow anew that are to run again, each with a new job. */
final class NodesAgain {

  private static final int MOST_WRONGS = 20;

  /** Characters that the payloads of a retry may have together. */
  private static final long MOST_CHARS = 64L << 20;

  private final JobStore jobs;
  private final Admission admission;
  private final JobIds ids;
  private final Supplier<PolicyTable> policies;
  private final Supplier<LimitTable> limits;
  private final Redaction redaction;

  /**
   * @param redaction puts secrets back where a new payload has their masks
   */
  NodesAgain(
      JobStore jobs,
      Admission admission,
      JobIds ids,
      Supplier<PolicyTable> policies,
      Supplier<LimitTable> limits,
      Redaction redaction) {
    this.jobs = jobs;
    this.admission = admission;
    this.ids = ids;
    this.policies = policies;
    this.limits = limits;
    this.redaction = redaction;
  }

  /** There cannot be any, as the message says. */
  static final class NotPossibleException extends Exception {

    private static final long serialVersionUID = 1L;

    NotPossibleException(String message) {
      super(message);
    }

    static NotPossibleException deleted(NodeView node) {
      return new NotPossibleException("the job of node \"" + node.name() + "\" has been deleted");
    }

    static NotPossibleException closed(NodeView node) {
      return new NotPossibleException(
          "the payload of node \"" + node.name() + "\" cannot be opened here");
    }

    static NotPossibleException tooLong() {
      return new NotPossibleException("the payloads are too long together");
    }
  }

  /**
   * The request with references put back where its payloads have their masks. In a node that refers
   * to nothing they are data; that is put back when it is made.
   */
  RetryRequest restored(EndedNodes before, RetryRequest asked) {
    Map<String, String> payloads = new HashMap<>(asked.payloads());
    List<NodeView> masked =
        before.nodes().stream()
            .filter(node -> payloads.getOrDefault(node.name(), "").contains(Redaction.MASK))
            .toList();
    long[] chars = {0};
    NodeJobs.read(
        jobs,
        masked,
        (node, job) -> {
          if (job != null && refers(job)) {
            String given = payloads.getOrDefault(node.name(), "");
            String restored = redaction.restored(job.spec(), given);
            payloads.put(node.name(), restored);
            chars[0] += restored.length();
          }
          return chars[0] <= MOST_CHARS; // else they are refused when they are made
        });
    return masked.isEmpty() ? asked : new RetryRequest(asked.mode(), asked.from(), payloads);
  }

  private static boolean refers(Job job) {
    NodeRef node = job.spec().node();
    return node != null && node.refers();
  }

  /** Those of one retry. */
  Made begin(
      Caller caller, EndedNodes before, RetryRequest asked, Graph graph, Rerun rerun, Instant now) {
    return new Made(caller, before, asked, graph, rerun, now);
  }

  /** Those of one retry; used once. */
  final class Made {

    private final Caller caller;
    private final EndedNodes before;
    private final RetryRequest asked;
    private final Graph graph;
    private final Rerun rerun;
    private final Instant now;
    private final List<NewGeneration.Node> nodes = new ArrayList<>();
    private final List<Admission.Entry> entries = new ArrayList<>();
    private final List<Wrong> wrongs = new ArrayList<>(0);
    private long chars;

    private Made(
        Caller caller,
        EndedNodes before,
        RetryRequest asked,
        Graph graph,
        Rerun rerun,
        Instant now) {
      this.caller = caller;
      this.before = before;
      this.asked = asked;
      this.graph = graph;
      this.rerun = rerun;
      this.now = now;
    }

    /**
     * Makes them, and gathers what is wrong with the request.
     *
     * @param known what is known to be wrong
     */
    void make(List<Wrong> known) throws NotPossibleException {
      wrongs.addAll(known);
      List<NodeView> all = rerun.nodes().navigableKeySet().stream().map(before::node).toList();
      NodeJobs.read(jobs, all, this::make);
    }

    private boolean make(NodeView node, @Nullable Job job) throws NotPossibleException {
      if (job == null) {
        throw NotPossibleException.deleted(node);
      }
      String given = asked.payloads().get(node.name());
      String payload = given == null ? job.spec().payload() : redaction.restored(job.spec(), given);
      if (SealedText.isSealed(payload)) {
        throw NotPossibleException.closed(node);
      }
      if (given != null && given.contains(Redaction.MASK) && becomesReferring(node, job)) {
        wrong(
            "payloads." + node.name(),
            "refers to results, so that data behind masks cannot be put back: give that anew");
      }
      chars += payload.length();
      if (chars > MOST_CHARS) {
        throw NotPossibleException.tooLong();
      }
      nodes.add(again(node, job, payload));
      return wrongs.size() < MOST_WRONGS;
    }

    /** Whether its data would be taken for references from now on. */
    private boolean becomesReferring(NodeView node, Job former) {
      NodeRef ref = former.spec().node();
      return ref != null && ref.forEach() == null && !ref.refers() && graph.refers(node.index());
    }

    List<NewGeneration.Node> nodes() {
      return nodes;
    }

    List<Integer> retired() {
      return List.copyOf(rerun.retired());
    }

    /** What is wrong with the request, with fields as {@code payloads.NAME}. */
    List<Wrong> wrongs() {
      return wrongs;
    }

    /** Where the workflow stands when they run again. */
    WorkflowProgress progress() {
      WorkflowProgress progress = before.workflow().progress();
      for (NewGeneration.Node node : nodes) {
        progress =
            progress.again(
                before.ends().get(node.index()),
                before.node(node.index()).optional(),
                !node.waitsFor().isEmpty());
      }
      for (int index : rerun.retired()) {
        progress = progress.retired(before.ends().get(index), before.node(index).optional());
      }
      return progress;
    }

    /** To be called once. */
    void settle(boolean committed) {
      entries.forEach(entry -> entry.settle(committed));
    }

    private NewGeneration.Node again(NodeView node, Job former, String payload) {
      boolean edited = asked.payloads().containsKey(node.name());
      NodeRef known = former.spec().node();
      NodeRef ref =
          known == null
              ? new NodeRef(before.workflow().id(), node.index(), graph.refers(node.index()))
              : known.referring(
                  edited && known.forEach() == null ? graph.refers(node.index()) : known.refers());
      Instant deadline = former.spec().deadline();
      JobSpec spec =
          former.spec().toBuilder()
              .owner(null)
              .payload(payload)
              .deadline(deadline == null || !deadline.isAfter(now) ? null : deadline)
              .node(ref)
              .build();
      boolean pauses = ref.waitsFor() != null || (known != null && known.waitsFor() != null);
      if (pauses && edited) {
        wrong("payloads." + node.name(), "is of a node that waits and has no payload");
      } else if (!pauses) {
        admit(spec, node.name());
      }
      MaxWaiting waiting = pauses ? MaxWaiting.ANY : maxWaiting(spec);
      JobSpec whole = pauses ? spec : waiting.counted(policies.get().complete(spec));
      List<Integer> waitsFor = rerun.waitsFor().getOrDefault(node.index(), List.of());
      Job job = Job.submit(ids.next(), whole, former.runAt(), !waitsFor.isEmpty(), now).job();
      Needs needs = rerun.nodes().get(node.index());
      if (needs == null) {
        throw new IllegalStateException("node " + node.name() + " was not chosen");
      }
      return new NewGeneration.Node(
          node.index(), new Submission(job, null, now, waiting), needs, waitsFor);
    }

    private MaxWaiting maxWaiting(JobSpec spec) {
      return MaxWaiting.of(limits.get().ofQueue(spec.queue()))
          .refusing()
          .of(caller.allowance().waiting());
    }

    private void admit(JobSpec spec, String name) {
      try {
        entries.add(admission.admit(caller, spec));
      } catch (InvalidPayloadException e) {
        wrong("payloads." + name + e.pointer().replace('/', '.'), e.problem());
      } catch (InvalidFieldException e) {
        wrong("payloads." + name, "the job of the node: " + e.field() + " " + e.problem());
      }
    }

    private void wrong(String field, String problem) {
      if (wrongs.size() < MOST_WRONGS) {
        wrongs.add(new Wrong(field, problem));
      }
    }
  }
}
