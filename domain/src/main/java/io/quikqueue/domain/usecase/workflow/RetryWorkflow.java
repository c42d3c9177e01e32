package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.port.Workflows.Retried;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.Rerun;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs nodes of a workflow again that has ended: a new generation, in which they have new jobs. The
 * jobs of the generations before stay as they are. Safe for use by several threads; few retries are
 * made at once, as each has all payloads in memory.
 */
public final class RetryWorkflow {

  private static final int MOST_WRONGS = 20;
  private static final int PAGE = 1_000;

  /** Jobs that are read at once, each with a payload and a result that may be large. */
  private static final int READ = 16;

  /** Characters that the payloads of a retry may have together. */
  private static final long MOST_CHARS = 64L << 20;

  private static final int AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 10;

  /** Jobs that are announced at once. */
  private static final int ANNOUNCED = 500;

  /** What came of a retry. */
  public sealed interface Result {

    /** It is durable. */
    record Begun(WorkflowView workflow) implements Result {}

    /** The key retried this workflow before. */
    record Replayed(WorkflowView workflow) implements Result {}

    /** The key was used for a different retry of this workflow. */
    record KeyReused() implements Result {}

    /** There is no such workflow. */
    record Unknown() implements Result {}

    /** Nodes of it have not ended. */
    record NotEnded(WorkflowView workflow) implements Result {}

    /** It cannot be retried, for what the text says. */
    record NotPossible(WorkflowView workflow, String why) implements Result {}

    /** More would wait in a queue than may. */
    record Full(SubmitResult.Full queue) implements Result {}

    /** The store cannot hold it. */
    record Refused(String reason) implements Result {}
  }

  private final Workflows store;
  private final JobStore jobs;
  private final Admission admission;
  private final JobListener listener;
  private final InstantSource clock;
  private final JobIds ids;
  private final Supplier<PolicyTable> policies;
  private final Supplier<LimitTable> limits;
  private final Redaction redaction;
  private final Meter meter;
  private final Semaphore turn = new Semaphore(AT_ONCE, true);

  /**
   * @param listener hears of the jobs that are ready
   * @param clock the store's clock
   * @param policies those in force
   * @param limits those in force
   * @param redaction puts secrets back where a new payload has their masks
   */
  public RetryWorkflow(
      Workflows store,
      JobStore jobs,
      Admission admission,
      JobListener listener,
      InstantSource clock,
      JobIds ids,
      Supplier<PolicyTable> policies,
      Supplier<LimitTable> limits,
      Redaction redaction,
      Meter meter) {
    this.store = store;
    this.jobs = jobs;
    this.admission = admission;
    this.listener = listener;
    this.clock = clock;
    this.ids = ids;
    this.policies = policies;
    this.limits = limits;
    this.redaction = redaction;
    this.meter = meter;
  }

  /**
   * Begins a new generation of a workflow; it is durable when this returns so.
   *
   * @throws InvalidWorkflowException when the request names what is not there, or a payload cannot
   *     be, with fields as {@code from.0} and {@code payloads.NAME}
   * @throws UnavailableException when the store cannot be reached; whether it was stored is unknown
   * @throws OverloadedException when other retries took all the time for ten seconds
   */
  public Result retry(
      Caller caller, WorkflowId id, RetryRequest asked, @Nullable IdempotencyKey key) {
    try {
      if (!turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new OverloadedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException();
    }
    try {
      for (int race = 0; race < 5; race++) {
        Result result = new Attempt(caller, id, asked, caller.own(key)).make();
        if (result != null) {
          return result;
        }
      }
    } finally {
      turn.release();
    }
    throw new UnavailableException("store", "the same workflow is being changed by others");
  }

  /** One try; used once. */
  private final class Attempt {

    private final Caller caller;
    private final WorkflowId id;
    private final RetryRequest asked;
    private final @Nullable IdempotencyKey key;
    private final List<Admission.Entry> entries = new ArrayList<>();
    private final List<Wrong> wrongs = new ArrayList<>(0);

    Attempt(Caller caller, WorkflowId id, RetryRequest asked, @Nullable IdempotencyKey key) {
      this.caller = caller;
      this.id = id;
      this.asked = asked;
      this.key = key;
    }

    /** Null = the workflow has changed meanwhile. */
    @Nullable Result make() {
      WorkflowView view = store.find(id).orElse(null);
      if (view == null) {
        return new Result.Unknown();
      }
      Optional<Retried> before = key == null ? Optional.empty() : store.retried(id, key);
      if (before.isPresent()) {
        return result(before.get());
      }
      if (!view.progress().state().terminal()) {
        return new Result.NotEnded(view);
      }
      if (view.generation() >= NewGeneration.MOST) {
        return new Result.NotPossible(view, "it has as many generations as one may have");
      }
      List<NodeView> nodes = nodes(view);
      List<JobState> ends = ends(nodes);
      if (nodes.size() < view.nodes() || ends.size() < nodes.size()) {
        return null; // it is being deleted, or was retried by somebody else
      }
      Graph graph = graph(view, nodes);
      Rerun rerun = Rerun.of(graph, ends, asked);
      if (rerun.nodes().isEmpty()) {
        return new Result.NotPossible(view, "no node of it is to run again");
      }
      Result unknown = checkSecrets(view, nodes, graph);
      if (unknown != null) {
        return unknown;
      }
      boolean committed = false;
      try {
        List<NewGeneration.Node> again = new ArrayList<>();
        Result refused = again(view, nodes, graph, rerun, again);
        if (refused != null) {
          return refused;
        }
        if (wrongs.isEmpty() && !asked.payloads().isEmpty()) {
          wrongs.addAll(new SecretsOfRetry(admission, jobs).leaks(nodes, again, asked));
        }
        if (!wrongs.isEmpty()) {
          throw new InvalidWorkflowException(wrongs);
        }
        WorkflowProgress progress = view.progress();
        for (NewGeneration.Node node : again) {
          progress =
              progress.again(
                  ends.get(node.index()),
                  nodes.get(node.index()).optional(),
                  !node.waitsFor().isEmpty());
        }
        Retried stored =
            store.retry(
                new NewGeneration(
                    id, view.generation(), again, progress, caller.id(), clock.instant(), key));
        if (stored instanceof Retried.Stored(_, List<Job> ready)) {
          committed = true;
          tell(again, ready);
        }
        return result(stored);
      } finally {
        boolean done = committed;
        entries.forEach(entry -> entry.settle(done));
      }
    }

    /**
     * New references may take secrets where they are seen, also by nodes further behind: so then
     * all nodes are looked at. Returns why they cannot be, or null.
     */
    private @Nullable Result checkSecrets(WorkflowView view, List<NodeView> nodes, Graph graph) {
      if (nodes.stream()
          .noneMatch(
              node -> asked.payloads().containsKey(node.name()) && graph.refers(node.index()))) {
        return null;
      }
      List<NodeSpec> specs = new ArrayList<>(nodes.size());
      long chars = 0;
      for (int from = 0; from < nodes.size(); from += READ) {
        List<NodeView> part = nodes.subList(from, Math.min(from + READ, nodes.size()));
        Map<JobId, Job> found = jobs.find(part.stream().map(NodeView::job).toList());
        for (NodeView node : part) {
          Job job = found.get(node.job());
          if (job == null) {
            return new Result.NotPossible(
                view, "the job of node \"" + node.name() + "\" has been deleted");
          }
          String payload = asked.payloads().getOrDefault(node.name(), job.spec().payload());
          if (SealedText.isSealed(payload)) {
            return new Result.NotPossible(
                view, "the payload of node \"" + node.name() + "\" cannot be opened here");
          }
          chars += payload.length();
          if (chars > MOST_CHARS) {
            return new Result.NotPossible(view, "the payloads are too long together");
          }
          specs.add(
              new NodeSpec(
                  node.name(),
                  job.spec().toBuilder().payload(payload).build(),
                  null,
                  node.needs(),
                  node.runIf(),
                  node.optional()));
        }
      }
      admission
          .leaks(new WorkflowSpec(view.name(), view.progress().onFailure(), specs))
          .forEach(each -> wrong(field(each, nodes), each.message()));
      return null;
    }

    /** The nodes that run again, with new jobs; returns why there cannot be any, or null. */
    private @Nullable Result again(
        WorkflowView view,
        List<NodeView> nodes,
        Graph graph,
        Rerun rerun,
        List<NewGeneration.Node> again) {
      List<Integer> all = List.copyOf(rerun.nodes().navigableKeySet());
      long chars = 0;
      for (int from = 0; from < all.size() && wrongs.size() < MOST_WRONGS; from += READ) {
        List<Integer> part = all.subList(from, Math.min(from + READ, all.size()));
        Map<JobId, Job> found = jobs.find(part.stream().map(i -> nodes.get(i).job()).toList());
        for (int index : part) {
          NodeView node = nodes.get(index);
          Job job = found.get(node.job());
          if (job == null) {
            return new Result.NotPossible(
                view, "the job of node \"" + node.name() + "\" has been deleted");
          }
          String given = asked.payloads().get(node.name());
          String payload =
              given == null ? job.spec().payload() : redaction.restored(job.spec(), given);
          chars += payload.length();
          if (SealedText.isSealed(payload)) {
            return new Result.NotPossible(
                view, "the payload of node \"" + node.name() + "\" cannot be opened here");
          }
          if (chars > MOST_CHARS) {
            return new Result.NotPossible(view, "the payloads are too long together");
          }
          again.add(again(node, job, payload, graph, rerun));
        }
      }
      return null;
    }

    private NewGeneration.Node again(
        NodeView node, Job before, String payload, Graph graph, Rerun rerun) {
      Instant now = clock.instant();
      boolean edited = asked.payloads().containsKey(node.name());
      NodeRef known = before.spec().node();
      NodeRef ref =
          known != null && (!edited || known.refers() == graph.refers(node.index()))
              ? known
              : new NodeRef(id, node.index(), graph.refers(node.index()));
      Instant deadline = before.spec().deadline();
      JobSpec spec =
          before.spec().toBuilder()
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
      MaxWaiting waiting =
          pauses ? MaxWaiting.ANY : MaxWaiting.of(limits.get().ofQueue(spec.queue())).refusing();
      JobSpec whole = pauses ? spec : waiting.counted(policies.get().complete(spec));
      List<Integer> waitsFor =
          graph.needs(node.index()).stream().filter(rerun.nodes()::containsKey).toList();
      Job job = Job.submit(ids.next(), whole, before.runAt(), !waitsFor.isEmpty(), now).job();
      Needs needs = rerun.nodes().get(node.index());
      if (needs == null) {
        throw new IllegalStateException("node " + node.name() + " was not chosen");
      }
      return new NewGeneration.Node(
          node.index(), new Submission(job, null, now, waiting), needs, waitsFor);
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

    private List<NodeView> nodes(WorkflowView view) {
      List<NodeView> nodes = new ArrayList<>(view.nodes());
      boolean more = true;
      while (more && nodes.size() < view.nodes()) {
        List<NodeView> page = store.nodes(id, nodes.size(), PAGE);
        nodes.addAll(page);
        more = page.size() == PAGE;
      }
      return nodes;
    }

    /** How they ended, up to the first that has not. */
    private static List<JobState> ends(List<NodeView> nodes) {
      List<JobState> ends = new ArrayList<>(nodes.size());
      for (NodeView node : nodes) {
        JobState end = node.ended();
        if (end == null) {
          return ends;
        }
        ends.add(end);
      }
      return ends;
    }

    /** The graph with the new payloads alone, which are checked by it. */
    private Graph graph(WorkflowView view, List<NodeView> nodes) {
      List<NodeSpec> specs =
          nodes.stream()
              .map(
                  node ->
                      new NodeSpec(
                          node.name(),
                          JobSpec.of("any", asked.payloads().getOrDefault(node.name(), "null")),
                          null,
                          node.needs(),
                          node.runIf(),
                          node.optional()))
              .toList();
      try {
        return Graph.grown(new WorkflowSpec(view.name(), view.progress().onFailure(), specs));
      } catch (InvalidWorkflowException e) {
        throw new InvalidWorkflowException(
            e.wrongs().stream()
                .map(wrong -> new Wrong(field(wrong, nodes), wrong.message()))
                .toList());
      }
    }

    private static String field(Wrong wrong, List<NodeView> nodes) {
      String[] parts = wrong.field().split("\\.", -1);
      boolean ofNode = parts.length == 3 && parts[2].equals("payload");
      return ofNode ? "payloads." + nodes.get(Integer.parseInt(parts[1])).name() : "payloads";
    }

    private @Nullable Result result(Retried retried) {
      return switch (retried) {
        case Retried.Stored(WorkflowView workflow, _) -> new Result.Begun(workflow);
        case Retried.Replayed(WorkflowView workflow) -> new Result.Replayed(workflow);
        case Retried.KeyReused() -> new Result.KeyReused();
        case Retried.Outdated() -> null;
        case Retried.Full(SubmitResult.Full queue) -> new Result.Full(queue);
        case Retried.Refused(String reason) -> new Result.Refused(reason);
      };
    }

    private void tell(List<NewGeneration.Node> again, List<Job> ready) {
      Map<String, Integer> accepted = new HashMap<>();
      again.forEach(each -> accepted.merge(each.job().spec().queue(), 1, Integer::sum));
      accepted.forEach(meter::submitted);
      for (int from = 0; from < ready.size(); from += ANNOUNCED) {
        listener.ready(ready.subList(from, Math.min(from + ANNOUNCED, ready.size())));
      }
    }
  }
}
