package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.WorkflowSignals.Sent;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.Growth;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A workflow drawn by lot, whose nodes succeed, fail, try again and are cancelled by lot, one or
 * several in a transaction. After each step it must be where the {@link ReferenceWorkflow} is.
 */
final class RandomWorkflow {

  private final Stores stores;
  private final Jobs make;
  private final Random random;
  private final WorkflowSpec spec;
  private final ReferenceWorkflow reference;
  private final NewWorkflow made;
  private final List<JobId> ids = new ArrayList<>();

  /** The jobs that the store said are ready, each once. */
  private final Set<Integer> told = new TreeSet<>();

  private final List<String> signals = new ArrayList<>();
  private Instant last;

  /** A generation as it ended. */
  private record Past(WorkflowView view, List<NodeView> nodes) {}

  private RandomWorkflow(Stores stores, long seed, int mostNodes) {
    this.stores = stores;
    this.random = new Random(seed);
    this.make = new Jobs(stores.clock(), random);
    this.spec = spec(mostNodes);
    this.reference = new ReferenceWorkflow(spec);
    this.last = make.now();
    this.made = NewWorkflows.of(make, spec);
    made.jobs().forEach(each -> ids.add(each.job().id()));
  }

  /** Runs one to its end. */
  static void run(Stores stores, long seed, int mostNodes) {
    new RandomWorkflow(stores, seed, mostNodes).run();
  }

  private WorkflowSpec spec(int mostNodes) {
    int size = 1 + random.nextInt(random.nextInt(10) == 0 ? mostNodes : Math.min(mostNodes, 20));
    int most = 1 + random.nextInt(4);
    boolean plain = random.nextInt(4) == 0;
    List<NodeSpec> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Set<String> needs = new LinkedHashSet<>();
      for (int j = random.nextInt(most + 1); j > 0 && i > 0; j--) {
        needs.add("n" + random.nextInt(i));
      }
      RunIf runIf =
          plain ? RunIf.ALL_SUCCEEDED : RunIf.values()[random.nextInt(RunIf.values().length)];
      JobSpec job = JobSpec.of("echo", Integer.toString(i));
      boolean optional = !plain && random.nextInt(4) == 0;
      NodeWait waits = random.nextInt(8) == 0 ? waits(i) : null;
      ForEach items =
          waits == null && !needs.isEmpty() && random.nextInt(8) == 0
              ? new ForEach(needs.iterator().next(), 10, optional)
              : null;
      nodes.add(
          new NodeSpec("n" + i, job, null, List.copyOf(needs), runIf, optional, waits, items));
    }
    Collections.shuffle(nodes, random);
    OnFailure onFailure =
        random.nextInt(6) == 0 ? OnFailure.CANCEL_REST : OnFailure.FINISH_BRANCHES;
    return new WorkflowSpec("random", onFailure, nodes);
  }

  private NodeWait waits(int node) {
    Duration length = Duration.ofSeconds(1 + random.nextInt(1000));
    return switch (random.nextInt(3)) {
      case 0 -> NodeWait.ofTime(length);
      case 1 -> NodeWait.untilRunAt();
      default -> NodeWait.ofSignal("s" + node, length, random.nextBoolean());
    };
  }

  private void run() {
    heard(((Workflows.Submitted.Stored) stores.workflows().submit(made)).ready());
    check();
    int failing = random.nextInt(60);
    finish(failing);
    List<Past> past = new ArrayList<>();
    for (int retries = random.nextInt(4); retries > 0 && retry(past); retries--) {
      finish(failing / 2);
    }
    for (Past each : past) {
      int generation = each.view().generation();
      assertThat(stores.workflows().find(made.id(), generation)).contains(each.view());
      assertThat(stores.workflows().nodes(made.id(), generation, 0, 1000)).isEqualTo(each.nodes());
    }
  }

  /** Returns whether anything runs again. */
  private boolean retry(List<Past> past) {
    RetryRequest.Mode mode =
        RetryRequest.Mode.values()[random.nextInt(RetryRequest.Mode.values().length)];
    List<String> from = new ArrayList<>();
    if (mode == RetryRequest.Mode.FROM) {
      List<Integer> able = reference.able();
      if (able.isEmpty()) {
        return false;
      }
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        from.add(reference.nodes().get(able.get(random.nextInt(able.size()))).name());
      }
    }
    RetryRequest asked = new RetryRequest(mode, from, Map.of());
    Past before =
        new Past(
            stores.workflows().find(made.id()).orElseThrow(),
            stores.workflows().nodes(made.id(), 0, 1000));
    Set<Integer> again = reference.retry(asked);
    WorkflowSpec grown = new WorkflowSpec("random", spec.onFailure(), reference.nodes());
    if (again.isEmpty()) {
      return false;
    }
    past.add(before);
    signals.clear();
    tick();
    NewGeneration next =
        NewWorkflows.again(make, grown, before.view(), before.nodes(), asked, null);
    assertThat(next.again()).extracting(NewGeneration.Node::index).containsExactlyElementsOf(again);
    next.again().forEach(node -> ids.set(node.index(), node.job().id()));
    heard(((Workflows.Retried.Stored) stores.workflows().retry(next)).ready());
    check();
    return true;
  }

  private void finish(int failing) {
    while (reference.state() == WorkflowState.RUNNING) {
      if (random.nextInt(200) == 0) {
        stores.workflows().cancel(made.id(), tick());
        reference.cancel();
      } else if (random.nextInt(12) == 0) {
        signal("s" + random.nextInt(ids.size()));
      } else if (spec.onFailure() != OnFailure.CANCEL_REST
          || random.nextInt(4) > 0
          || !dividedStep()) {
        step(failing);
      }
      check();
    }
    end();
  }

  /**
   * Of one that waits, will wait or never waited for it; at most twice, which is once too often.
   */
  private void signal(String name) {
    if (Collections.frequency(signals, name) > 1) {
      return;
    }
    signals.add(name);
    Signal signal =
        new Signal(made.id().value(), name, signals.size() + "", null, "\"" + name + "\"", tick());
    Sent.Accepted sent = (Sent.Accepted) stores.workflowSignals().send(made.id(), signal);
    List<Integer> before = reference.pausing();
    reference.signal(name);
    boolean taken = before.stream().anyMatch(node -> reference.ends().get(node) != null);
    assertThat(sent.taken()).isEqualTo(taken);
    heard(sent.ready());
  }

  private void step(int failing) {
    Map<Integer, Transition> batch = new LinkedHashMap<>();
    List<Integer> ready = new ArrayList<>(reference.ready());
    ready.addAll(reference.pausing());
    Collections.shuffle(ready, random);
    List<Integer> waiting = reference.waiting();
    if (!waiting.isEmpty() && random.nextInt(60) == 0) {
      ready.add(waiting.get(random.nextInt(waiting.size())));
    }
    int most = 1 + random.nextInt(random.nextBoolean() ? 1 : 6);
    for (int node : ready) {
      if (batch.size() < most) {
        batch.put(node, growing(node, change(found(node), failing)));
      }
    }
    SaveResult saved = stores.jobs().save(List.copyOf(batch.values()));
    assertThat(saved.applied()).hasSize(batch.size());
    new TreeMap<>(batch).forEach(this::grown);
    Map<Integer, JobState> ended = new HashMap<>();
    batch.forEach(
        (node, change) -> {
          if (change.after().state().terminal()) {
            ended.put(node, change.after().state());
          }
        });
    reference.end(ended);
    heard(saved.ready().stream().filter(job -> batch.get(ids.indexOf(job.id())) == null).toList());
  }

  /**
   * One fails, one adds nodes and one adds more than may be: what is refused has a store write the
   * others one by one, in whichever order. The one that adds is too late when the rest is being
   * cancelled by then.
   *
   * @return whether three are ready
   */
  private boolean dividedStep() {
    List<Job> running =
        reference.ready().stream()
            .map(this::found)
            .filter(job -> job.state() == JobState.QUEUED || job.state() == JobState.RUNNING)
            .limit(3)
            .collect(Collectors.toCollection(ArrayList::new));
    if (running.size() < 3) {
      return false;
    }
    Collections.shuffle(running, random);
    Job fails = running.get(0);
    Job adds = running.get(1);
    Job tooMany = running.get(2);
    Transition failed = fails.fail(new Failure("by lot", true), 0.5, tick());
    Transition added = adds.succeed("1", null, tick()).spawning(List.of(spawned("0", false)));
    List<SpawnedNode> most = Collections.nCopies(WorkflowSpec.MOST_NODES, spawned("many", false));
    Transition grown = tooMany.succeed("1", null, tick()).spawning(most);
    SaveResult saved = stores.jobs().save(List.of(failed, added, grown));

    assertThat(saved.applied()).contains(failed.attempt()).doesNotContain(grown.attempt());
    Map<Integer, JobState> ended = new HashMap<>();
    ended.put(ids.indexOf(fails.id()), JobState.FAILED);
    if (saved.applied().contains(added.attempt())) {
      grown(ids.indexOf(adds.id()), added);
      ended.put(ids.indexOf(adds.id()), JobState.DONE);
    }
    reference.end(ended);
    assertThat(reference.ends().get(ids.indexOf(adds.id())))
        .as("too late, or with all that it adds")
        .isEqualTo(saved.applied().contains(added.attempt()) ? JobState.DONE : JobState.CANCELLED);
    heard(saved.ready());
    return true;
  }

  /** One that succeeds adds nodes now and then, and one that is for items one for each. */
  private Transition growing(int node, Transition change) {
    NodeSpec spec = reference.nodes().get(node);
    if (change.after().state() != JobState.DONE || spec.waitsFor() != null) {
      return change;
    }
    ForEach items = spec.forEach();
    List<SpawnedNode> spawned = new ArrayList<>();
    if (items != null) {
      for (int i = 0, count = random.nextInt(5); i < count; i++) {
        spawned.add(spawned(Integer.toString(i), items.optional()));
      }
    } else if (Growth.depth(spec.name()) < 3 && random.nextInt(10) == 0) {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        spawned.add(spawned("x" + i, i == 2)); // as in each generation
      }
    }
    return change.spawning(spawned);
  }

  private SpawnedNode spawned(String name, boolean optional) {
    JobSpec job = JobSpec.of("echo", "\"added\"");
    return new SpawnedNode(name, optional, Job.submit(make.anId(), job, null, false, tick()).job());
  }

  private void grown(int node, Transition change) {
    for (SpawnedNode each : change.spawned()) {
      Integer known = reference.place(each.nameBehind(reference.nodes().get(node).name()));
      reference.spawn(
          new NodeSpec(
              each.nameBehind(reference.nodes().get(node).name()),
              each.job().spec(),
              null,
              List.of(),
              RunIf.ALL_SUCCEEDED,
              each.optional()));
      if (known == null) {
        ids.add(each.job().id());
      } else {
        ids.set(known, each.job().id());
      }
    }
  }

  private Transition change(Job job, int failing) {
    Instant now = tick();
    if (job.state() == JobState.WAITING) {
      return job.cancel(now);
    }
    if (job.state() == JobState.RETRYING) {
      return job.wake(now);
    }
    if (job.state() == JobState.SCHEDULED) {
      return random.nextInt(10) == 0 ? job.cancel(now) : job.wake(now);
    }
    int lot = random.nextInt(100);
    if (lot < failing) {
      boolean permanent = random.nextBoolean();
      return job.fail(new Failure("by lot", permanent), 0.5, now);
    }
    if (lot >= 97) {
      return job.cancel(now);
    }
    return lot >= 90 && job.state() == JobState.QUEUED
        ? job.start(now)
        : job.succeed("1", null, now);
  }

  private void heard(List<Job> ready) {
    for (Job job : ready) {
      assertThat(told.add(ids.indexOf(job.id()))).as("told twice: %s", job).isTrue();
    }
  }

  private void check() {
    List<@Nullable JobState> ends = reference.ends();
    told.removeIf(node -> ends.get(node) != null);
    assertThat(told).isEqualTo(new TreeSet<>(reference.ready()));
  }

  private void end() {
    Map<JobId, Job> jobs = new HashMap<>();
    for (int from = 0; from < ids.size(); from += 500) {
      jobs.putAll(stores.jobs().find(ids.subList(from, Math.min(from + 500, ids.size()))));
    }
    List<@Nullable JobState> states = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) { // one that is retired has the job that it had
      JobState state = Objects.requireNonNull(jobs.get(ids.get(i))).state();
      states.add(reference.isRetired(i) ? JobState.SKIPPED : state);
    }
    assertThat(states).isEqualTo(reference.ends());
    assertThat(stores.workflows().nodes(made.id(), 0, 1000))
        .extracting(NodeView::ended)
        .isEqualTo(reference.ends());
    WorkflowView view = stores.workflows().find(made.id()).orElseThrow();
    WorkflowProgress progress = view.progress();
    assertThat(progress.state()).isEqualTo(reference.state());
    assertThat(view.finishedAt()).isNotNull();
    assertThat(
            List.of(
                progress.waiting(),
                progress.active(),
                progress.done(),
                progress.failed(),
                progress.cancelled(),
                progress.expired(),
                progress.skipped()))
        .isEqualTo(
            List.of(
                0,
                0,
                Collections.frequency(states, JobState.DONE),
                Collections.frequency(states, JobState.FAILED),
                Collections.frequency(states, JobState.CANCELLED),
                0,
                Collections.frequency(states, JobState.SKIPPED)));
    assertThat(stores.workflows().proceed(100)).as("what a second line found").isEmpty();
  }

  private Job found(int node) {
    JobId id = ids.get(node);
    return Objects.requireNonNull(stores.jobs().find(List.of(id)).get(id));
  }

  private Instant tick() {
    Instant now = make.now();
    last = now.isAfter(last) ? now : last.plusNanos(1000);
    return last;
  }
}
