package io.quikqueue.contracts;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowSignals;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.Growth;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Workflows in plain collections; shares the lock of the store. */
final class InMemoryWorkflows implements Workflows, WorkflowSignals {

  private final Object lock;
  private final Function<JobId, @Nullable Job> find;
  private final BiConsumer<Transition, Job> apply;
  private final Function<List<Submission>, Submitted.@Nullable Full> store;
  private final NavigableMap<WorkflowId, Flow> flows = new TreeMap<>();

  /**
   * A generation that has ended.
   *
   * @param key of the retry that followed it
   */
  private record Past(
      WorkflowView view,
      List<JobId> jobs,
      List<@Nullable JobState> ended,
      @Nullable IdempotencyKey key) {}

  /** A signal that was sent. */
  private static final class Kept {

    private final Signal signal;
    private boolean taken;

    Kept(Signal signal) {
      this.signal = signal;
    }
  }

  /** A workflow and its nodes. */
  private static final class Flow {

    private final List<Kept> signals = new ArrayList<>(0);

    private final Graph graph;
    private final @Nullable IdempotencyKey key;
    private final List<JobId> jobs = new ArrayList<>();
    private final List<NodeSpec> specs;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<@Nullable JobState> ended = new ArrayList<>();
    private final List<Boolean> waiting = new ArrayList<>();
    private final List<Needs> needs = new ArrayList<>();
    private final List<List<Integer>> dependents = new ArrayList<>();
    private final List<Past> past = new ArrayList<>(0);
    private WorkflowView view;

    Flow(NewWorkflow made, WorkflowView view) {
      this.graph = made.graph();
      this.key = made.key();
      this.view = view;
      int size = graph.size();
      this.specs = new ArrayList<>(graph.spec().nodes());
      for (int i = 0; i < size; i++) {
        jobs.add(made.jobs().get(i).job().id());
        dependents.add(new ArrayList<>(0));
        places.put(spec(i).name(), i);
        needs.add(Needs.of(spec(i).runIf(), graph.needs(i).size()));
        waiting.add(!graph.needs(i).isEmpty());
        ended.add(null);
      }
      for (int i = 0; i < size; i++) {
        for (int needed : graph.needs(i)) {
          dependents.get(needed).add(i);
        }
      }
    }

    NodeSpec spec(int node) {
      return specs.get(node);
    }

    /** The index that a node will have which is added, or had in an earlier generation. */
    int indexOf(String name) {
      return places.getOrDefault(name, specs.size());
    }

    /** Adds a node; those that wait for the one which adds it wait for it too. */
    void add(int by, SpawnedNode node) {
      String name = node.nameBehind(spec(by).name());
      int index = indexOf(name);
      NodeSpec spec =
          new NodeSpec(
              name, node.job().spec(), null, List.of(), RunIf.ALL_SUCCEEDED, node.optional());
      if (index == specs.size()) {
        places.put(name, index);
        specs.add(spec);
        jobs.add(node.job().id());
        needs.add(Needs.of(RunIf.ALL_SUCCEEDED, 0));
        waiting.add(false);
        ended.add(null);
        dependents.add(new ArrayList<>(0));
        view = view.grown(List.of(node.job().spec()));
      } else {
        specs.set(index, spec);
        jobs.set(index, node.job().id());
        needs.set(index, Needs.of(RunIf.ALL_SUCCEEDED, 0));
        waiting.set(index, false);
        ended.set(index, null);
        view = view.grownAgain(List.of(node.job().spec()));
      }
      for (int dependent : dependents.get(by)) {
        if (ended.get(dependent) == null) {
          dependents.get(index).add(dependent);
          Needs more = needs.get(dependent);
          needs.set(
              dependent,
              new Needs(
                  more.runIf(),
                  more.open() + 1,
                  more.succeeded(),
                  more.failed(),
                  more.skipped(),
                  more.cause()));
        }
      }
    }

    NodeView node(int node, List<JobId> jobsThen, List<@Nullable JobState> endedThen) {
      NodeSpec spec = spec(node);
      return new NodeView(
          node,
          spec.name(),
          jobsThen.get(node),
          spec.needs(),
          spec.runIf(),
          spec.optional(),
          endedThen.get(node));
    }

    @Nullable Past past(int generation) {
      return generation < 1 || generation > past.size() ? null : past.get(generation - 1);
    }
  }

  /**
   * @param apply saves a change of a job that is stored
   * @param store keeps new jobs, or says why not
   */
  InMemoryWorkflows(
      Object lock,
      Function<JobId, @Nullable Job> find,
      BiConsumer<Transition, Job> apply,
      Function<List<Submission>, Submitted.@Nullable Full> store) {
    this.lock = lock;
    this.find = find;
    this.apply = apply;
    this.store = store;
  }

  @Override
  public Submitted submit(NewWorkflow made) {
    synchronized (lock) {
      IdempotencyKey key = made.key();
      for (Flow flow : flows.values()) {
        if (key != null && flow.key != null && flow.key.key().equals(key.key())) {
          return key.isSameRequest(flow.key.fingerprint())
              ? new Submitted.Replayed(flow.view)
              : new Submitted.KeyReused(flow.view.id());
        }
      }
      Flow known = flows.get(made.id());
      if (known != null) {
        return new Submitted.Stored(known.view, List.of());
      }
      Submitted.Full full = store.apply(made.jobs());
      if (full != null) {
        return full;
      }
      int waiting = 0;
      List<Job> ready = new ArrayList<>();
      for (Submission each : made.jobs()) {
        waiting += each.job().state() == JobState.WAITING ? 1 : 0;
        if (each.job().state() == JobState.QUEUED) {
          ready.add(each.job());
        }
      }
      WorkflowView view =
          new WorkflowView(
              made.id(),
              made.graph().spec().name(),
              WorkflowProgress.of(
                  made.graph().spec().onFailure(), waiting, made.graph().size() - waiting),
              1,
              made.graph().size(),
              made.owner(),
              made.createdAt(),
              made.createdAt(),
              null,
              made.reach());
      flows.put(made.id(), new Flow(made, view));
      return new Submitted.Stored(view, ready);
    }
  }

  /** Whether the end of a node adds some to a workflow that is being cancelled. */
  boolean isTooLate(Transition end) {
    NodeRef node = end.before().spec().node();
    Flow flow = node == null || end.spawned().isEmpty() ? null : flows.get(node.workflow());
    return flow != null && flow.view.progress().state().sweeping();
  }

  /** Why the end of a node cannot add what it adds; null = it can. */
  @Nullable String refuses(Transition end) {
    Flow flow = growing(end);
    int by = flow == null ? 0 : index(end);
    return flow == null
        ? null
        : Growth.problem(
            flow.spec(by).name(),
            flow.jobs.size(),
            (int)
                end.spawned().stream()
                    .filter(
                        each ->
                            flow.indexOf(each.nameBehind(flow.spec(by).name())) < flow.jobs.size())
                    .count(),
            (int) flow.dependents.get(by).stream().filter(i -> flow.ended.get(i) == null).count(),
            end.spawned());
  }

  /** Adds the nodes that ends bring, in the order of those that add them. */
  List<Job> grow(List<Transition> ends) {
    List<Job> ready = new ArrayList<>();
    List<Transition> sorted = new ArrayList<>(ends);
    sorted.sort(Comparator.comparing(InMemoryWorkflows::index));
    for (Transition end : sorted) {
      Flow flow = growing(end);
      if (flow != null) {
        for (SpawnedNode node : end.spawned()) {
          int by = index(end);
          int index = flow.indexOf(node.nameBehind(flow.spec(by).name()));
          Job job = node.jobAs(flow.view.id(), index);
          var _ = store.apply(List.of(new Submission(job, null)));
          flow.add(by, node);
          if (job.state() == JobState.QUEUED) {
            ready.add(job);
          }
        }
      }
    }
    return ready;
  }

  private static int index(Transition end) {
    NodeRef node = end.before().spec().node();
    return node == null ? -1 : node.index();
  }

  private @Nullable Flow growing(Transition end) {
    NodeRef node = end.before().spec().node();
    Flow flow = node == null || end.spawned().isEmpty() ? null : flows.get(node.workflow());
    return flow != null
            && node != null
            && flow.view.progress().state() == WorkflowState.RUNNING
            && flow.jobs.get(node.index()).equals(end.before().id())
            && flow.ended.get(node.index()) == null
        ? flow
        : null;
  }

  /** Tells of jobs that have ended at once; returns those that are ready by it. */
  List<Job> ended(Collection<Job> jobs) {
    List<Job> ready = new ArrayList<>();
    Map<Flow, Deque<Integer>> told = new LinkedHashMap<>();
    Instant last = Instant.MIN;
    for (Job job : jobs) {
      NodeRef ref = job.spec().node();
      Flow flow = ref == null ? null : flows.get(ref.workflow());
      if (ref != null && flow != null && flow.jobs.get(ref.index()).equals(job.id())) {
        last = job.updatedAt().isAfter(last) ? job.updatedAt() : last;
        if (end(flow, ref.index(), job.state(), job.updatedAt())) {
          told.computeIfAbsent(flow, _ -> new ArrayDeque<>()).add(ref.index());
        }
      }
    }
    Instant at = last;
    told.forEach((flow, nodes) -> tell(flow, nodes, at, ready));
    return ready;
  }

  private void tell(Flow flow, Deque<Integer> told, Instant at, List<Job> ready) {
    while (!told.isEmpty() && !flow.view.progress().state().sweeping()) {
      int node = told.remove();
      JobState end = flow.ended.get(node);
      for (int dependent : flow.dependents.get(node)) {
        if (end == null || flow.ended.get(dependent) != null) {
          continue;
        }
        flow.needs.set(
            dependent,
            flow.needs
                .get(dependent)
                .after(flow.spec(node).name(), end, flow.spec(node).optional()));
        Job waiting = find.apply(flow.jobs.get(dependent));
        if (waiting == null) {
          continue;
        }
        Instant now = waiting.updatedAt().isAfter(at) ? waiting.updatedAt() : at;
        switch (flow.needs.get(dependent).verdict()) {
          case WAIT -> {}
          case RUN -> {
            Transition wake = waiting.wake(now);
            Kept early = early(flow, wake.after().awaitedSignal());
            if (early != null) {
              early.taken = true;
              apply.accept(
                  wake.then(begun -> begun.signalled(early.signal.payload(), now)), waiting);
              end(flow, dependent, JobState.DONE, now);
              told.add(dependent);
              continue;
            }
            flow.waiting.set(dependent, false);
            flow.view = flow.view.after(flow.view.progress().released(), now);
            apply.accept(wake, waiting);
            if (wake.madeReady()) {
              ready.add(wake.after());
            }
          }
          case SKIP -> {
            apply.accept(waiting.skip(flow.needs.get(dependent).why(), now), waiting);
            end(flow, dependent, JobState.SKIPPED, now);
            told.add(dependent);
          }
        }
      }
    }
    if (flow.view.progress().state().sweeping()) {
      sweep(flow, at);
    }
  }

  private static @Nullable Kept early(Flow flow, @Nullable String awaited) {
    return flow.signals.stream()
        .filter(each -> !each.taken && each.signal.name().equals(awaited))
        .min(
            Comparator.comparing((Kept each) -> each.signal.at())
                .thenComparing(each -> each.signal.key()))
        .orElse(null);
  }

  @Override
  public Sent send(WorkflowId workflow, Signal signal) {
    synchronized (lock) {
      Flow flow = flows.get(workflow);
      if (flow == null) {
        return new Sent.UnknownWorkflow();
      }
      Sent refused = refuse(flow, signal);
      if (refused != null) {
        return refused;
      }
      Kept kept = new Kept(signal);
      flow.signals.add(kept);
      for (int i = 0; i < flow.jobs.size(); i++) {
        Job job = find.apply(flow.jobs.get(i));
        if (job != null && flow.ended.get(i) == null && signal.name().equals(job.awaitedSignal())) {
          kept.taken = true;
          Instant at = signal.at().isAfter(job.updatedAt()) ? signal.at() : job.updatedAt();
          apply.accept(job.signalled(signal.payload(), at), job);
          Job ended = find.apply(job.id());
          return new Sent.Accepted(true, ended == null ? List.of() : ended(List.of(ended)));
        }
      }
      return new Sent.Accepted(false, List.of());
    }
  }

  private static @Nullable Sent refuse(Flow flow, Signal signal) {
    int bytes = signal.payload().getBytes(StandardCharsets.UTF_8).length;
    for (Kept each : flow.signals) {
      Signal first = each.signal;
      bytes += first.payload().getBytes(StandardCharsets.UTF_8).length;
      if (first.name().equals(signal.name()) && first.key().equals(signal.key())) {
        return signal.isSameAs(first.fingerprint()) ? new Sent.Repeated() : new Sent.KeyReused();
      }
    }
    WorkflowState state = flow.view.progress().state();
    if (state != WorkflowState.RUNNING) {
      return new Sent.Over(state);
    }
    if (flow.signals.size() >= JobSignals.MOST) {
      return new Sent.Full("the workflow has had " + JobSignals.MOST + " signals already");
    }
    return bytes > JobSignals.MOST_BYTES
        ? new Sent.Full(
            "the signals of the workflow would have more than " + JobSignals.MOST_BYTES + " bytes")
        : null;
  }

  private boolean end(Flow flow, int node, JobState end, Instant at) {
    if (flow.ended.get(node) != null) {
      return false;
    }
    flow.ended.set(node, end);
    flow.view =
        flow.view.after(
            flow.view.progress().ended(end, flow.spec(node).optional(), flow.waiting.get(node)),
            at);
    return true;
  }

  private void sweep(Flow flow, Instant at) {
    for (int i = 0; i < flow.jobs.size(); i++) {
      Job job = find.apply(flow.jobs.get(i));
      if (flow.ended.get(i) == null && job != null) {
        Instant now = job.updatedAt().isAfter(at) ? job.updatedAt() : at;
        if (!job.state().terminal()) {
          apply.accept(job.cancel(now), job);
        }
        end(flow, i, job.state().terminal() ? job.state() : JobState.CANCELLED, now);
      }
    }
  }

  @Override
  public Optional<WorkflowView> find(WorkflowId id) {
    synchronized (lock) {
      return Optional.ofNullable(flows.get(id)).map(flow -> flow.view);
    }
  }

  @Override
  public List<NodeView> nodes(WorkflowId id, int from, int limit) {
    synchronized (lock) {
      Flow flow = flows.get(id);
      return flow == null ? List.of() : nodes(id, flow.view.generation(), from, limit);
    }
  }

  @Override
  public Optional<WorkflowView> find(WorkflowId id, int generation) {
    synchronized (lock) {
      Flow flow = flows.get(id);
      if (flow == null) {
        return Optional.empty();
      }
      Past past = flow.past(generation);
      return generation == flow.view.generation()
          ? Optional.of(flow.view)
          : Optional.ofNullable(past).map(Past::view);
    }
  }

  @Override
  public List<NodeView> nodes(WorkflowId id, int generation, int from, int limit) {
    synchronized (lock) {
      Flow flow = flows.get(id);
      List<NodeView> nodes = new ArrayList<>();
      if (flow == null || generation < 1 || generation > flow.view.generation()) {
        return nodes;
      }
      Past past = flow.past(generation);
      List<JobId> jobsThen = past == null ? flow.jobs : past.jobs();
      List<@Nullable JobState> endedThen = past == null ? flow.ended : past.ended();
      for (int i = from; i < jobsThen.size() && nodes.size() < limit; i++) {
        nodes.add(flow.node(i, jobsThen, endedThen));
      }
      return nodes;
    }
  }

  @Override
  public Retried retry(NewGeneration made) {
    synchronized (lock) {
      Flow flow = flows.get(made.id());
      if (flow != null
          && flow.view.generation() == made.after() + 1
          && flow.jobs.contains(made.again().getFirst().job().id())) {
        return new Retried.Stored(flow.view, List.of());
      }
      if (flow == null
          || flow.view.generation() != made.after()
          || !flow.view.progress().state().terminal()) {
        return new Retried.Outdated();
      }
      Submitted.Full full =
          store.apply(made.again().stream().map(NewGeneration.Node::submission).toList());
      if (full != null) {
        return new Retried.Full(full.queue());
      }
      flow.past.add(
          new Past(
              flow.view,
              List.copyOf(flow.jobs),
              new ArrayList<@Nullable JobState>(flow.ended),
              made.key()));
      flow.signals.clear();
      flow.dependents.forEach(List::clear);
      made.retired().forEach(index -> flow.ended.set(index, JobState.SKIPPED));
      List<Job> ready = new ArrayList<>();
      for (NewGeneration.Node node : made.again()) {
        flow.jobs.set(node.index(), node.job().id());
        flow.ended.set(node.index(), null);
        flow.needs.set(node.index(), node.needs());
        flow.waiting.set(node.index(), !node.waitsFor().isEmpty());
        node.waitsFor().forEach(needed -> flow.dependents.get(needed).add(node.index()));
        if (node.job().state() == JobState.QUEUED) {
          ready.add(node.job());
        }
      }
      flow.view = flow.view.again(made.progress(), made.now());
      return new Retried.Stored(flow.view, ready);
    }
  }

  @Override
  public Optional<Retried> retried(WorkflowId id, IdempotencyKey key) {
    synchronized (lock) {
      Flow flow = flows.get(id);
      List<Past> all = flow == null ? List.of() : flow.past;
      for (Past past : all) {
        IdempotencyKey first = past.key();
        if (flow != null && first != null && first.key().equals(key.key())) {
          return Optional.of(
              key.isSameRequest(first.fingerprint())
                  ? new Retried.Replayed(flow.view)
                  : new Retried.KeyReused());
        }
      }
      return Optional.empty();
    }
  }

  @Override
  public WorkflowPage list(WorkflowQuery query) {
    synchronized (lock) {
      WorkflowId after = query.after();
      List<WorkflowView> found =
          (after == null ? flows : flows.headMap(after, false))
              .descendingMap().values().stream()
                  .map(flow -> flow.view)
                  .filter(view -> query.state() == null || view.progress().state() == query.state())
                  .filter(view -> query.name() == null || view.name().equals(query.name()))
                  .filter(view -> view.isWithin(query.scope()))
                  .limit(query.limit() + 1L)
                  .toList();
      if (found.size() <= query.limit()) {
        return new WorkflowPage(found, null);
      }
      List<WorkflowView> page = found.subList(0, query.limit());
      return new WorkflowPage(page, page.getLast().id());
    }
  }

  @Override
  public Map<WorkflowState, Long> open() {
    synchronized (lock) {
      Map<WorkflowState, Long> open = new EnumMap<>(WorkflowState.class);
      for (Flow flow : flows.values()) {
        WorkflowState state = flow.view.progress().state();
        if (!state.terminal()) {
          open.merge(state, 1L, Long::sum);
        }
      }
      return open;
    }
  }

  @Override
  public Optional<WorkflowView> cancel(WorkflowId id, Instant now) {
    synchronized (lock) {
      Flow flow = flows.get(id);
      if (flow != null && !flow.view.progress().state().terminal()) {
        flow.view = flow.view.after(flow.view.progress().cancel(), now);
        sweep(flow, now);
      }
      return find(id);
    }
  }

  @Override
  public @Nullable NodeResults results(WorkflowId id, Collection<String> names, long mostChars) {
    synchronized (lock) {
      Flow flow = flows.get(id);
      Map<String, String> results = new HashMap<>();
      Map<String, String> missing = new HashMap<>();
      Map<String, Integer> lists = new HashMap<>(0);
      long chars = 0;
      for (int i = 0; flow != null && i < flow.jobs.size(); i++) {
        String name = flow.spec(i).name();
        if (flow.ended.get(i) == JobState.DONE && names.contains(name)) {
          Job job = find.apply(flow.jobs.get(i));
          String result = job == null ? null : job.result();
          if (result == null) {
            missing.put(name, job == null ? NodeResults.DELETED : NodeResults.NONE);
          } else if (flow.spec(i).forEach() != null && !SealedText.isSealed(result)) {
            lists.put(name, ForEach.count(result));
          } else {
            chars += result.length();
            results.put(name, result);
          }
        }
      }
      return chars > mostChars ? null : new NodeResults(results, missing, lists);
    }
  }

  /** Whoever ends a node here tells all others at once. */
  @Override
  public List<Job> proceed(int most) {
    return List.of();
  }

  @Override
  public int prune(Instant finishedBefore, int limit) {
    synchronized (lock) {
      List<WorkflowId> old =
          flows.values().stream()
              .map(flow -> flow.view)
              .filter(
                  view -> view.finishedAt() != null && view.finishedAt().isBefore(finishedBefore))
              .map(WorkflowView::id)
              .limit(limit)
              .toList();
      flows.keySet().removeAll(old);
      return old.size();
    }
  }
}
