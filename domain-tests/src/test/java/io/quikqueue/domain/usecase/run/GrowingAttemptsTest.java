package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.submit.PayloadChecks;
import io.quikqueue.domain.workflow.NodeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Attempts that add many nodes, without threads. */
class GrowingAttemptsTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private int made;
  private final NodeSpawner spawner =
      new NodeSpawner(
          new JobIds(clock, new Random(1)::nextLong),
          new Admission(
              world.memory,
              world.memory,
              new PayloadChecks(world.memory, Map.of(), _ -> _ -> {}, Redaction.usual(), () -> 0),
              Set.of("echo"),
              Duration.ofHours(6),
              _ -> {},
              () -> 0),
          this::policies,
          () -> LimitTable.EMPTY);
  private final List<ActiveAttempt> started = new ArrayList<>();
  private final AttemptLifecycle worker =
      new AttemptLifecycle(
          new WorkerSettings(
              "worker",
              Set.of(),
              100,
              100,
              1,
              LEASE,
              WorkerSettings.DEFAULT_STOP_GRACE,
              WorkerSettings.DEFAULT_MAX_RESULT,
              CrashQuarantine::startsMarked,
              Redaction.usual(),
              Map.of(),
              _ -> {},
              spawner),
          world.ready.port(),
          world.store.port(),
          world.memory.journal(),
          new Finish(world.listened, world.ready.port(), world.meter),
          clock,
          () -> clock.millis() * 1_000_000,
          () -> true,
          world.meter);

  @Test
  void outcomesThatAddTwoThousandNodesShareATransaction() throws InterruptedException {
    NewWorkflow workflow = submitted(nodes(4));

    assertThat(transactions(0, 1_000, 0, 1_000)).isOne();

    assertThat(view(workflow).nodes()).isEqualTo(2_004);
  }

  @Test
  void outcomesThatAddMoreAreWrittenInSeveralTransactions() throws InterruptedException {
    NewWorkflow workflow = submitted(nodes(6));

    assertThat(transactions(1_000, 1_001, 0, 999, 0, 3_000)).isEqualTo(3);

    assertThat(view(workflow).nodes()).isEqualTo(6_006);
    assertThat(worker.held()).isEmpty();
  }

  @Test
  void whatSomeOfTheTransactionsWroteIsWrittenOnceWhenAllAreRepeated() throws InterruptedException {
    NewWorkflow workflow = submitted(nodes(2));
    List<Completion> batch = completions(1_500, 1_500);
    world.store.afterNext("save", world.store::down);
    assertThatThrownBy(() -> worker.complete(batch)).isInstanceOf(UnavailableException.class);
    assertThat(view(workflow).nodes()).isEqualTo(1_502);
    assertThat(worker.held()).hasSize(2);

    world.store.up();
    worker.complete(batch);

    assertThat(view(workflow).nodes()).isEqualTo(3_002);
    assertThat(view(workflow).progress().done()).isEqualTo(2);
    assertThat(worker.held()).isEmpty();
  }

  /** However short their items are: a take expands lists until memory for them is used up. */
  @Test
  void aTakeOfManyListsExpandsSomeAndGivesTheOthersBack() throws InterruptedException {
    String list = "[" + "1,".repeat(9_899) + "1]";
    List<NewWorkflow> workflows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      workflows.add(expandable(list));
    }

    AdmissionResult admitted = worker.admit(take(), started::add);

    assertThat(admitted.ended()).hasSize(2);
    assertThat(take()).as("given back").hasSize(3);
    worker.complete(admitted.ended());
    assertThat(workflows.stream().map(each -> view(each).nodes()))
        .containsExactlyInAnyOrder(9_902, 9_902, 2, 2, 2);
  }

  @Test
  void noNodesAreMadeForAListThatTheWorkflowHasNoRoomFor() throws InterruptedException {
    String[] lists = {"[" + "1,".repeat(9_996) + "1]", "[" + "1,".repeat(9_997) + "1]"};
    List<AttemptOutcome> outcomes = new ArrayList<>();
    for (String list : lists) {
      expandable(list, NewWorkflows.node("other"));
      AdmissionResult admitted = worker.admit(take(), started::add);
      outcomes.add(admitted.ended().getFirst().outcome());
    }

    assertThat(outcomes.getFirst())
        .isInstanceOfSatisfying(
            AttemptOutcome.Succeeded.class, done -> assertThat(done.spawned()).hasSize(9_997));
    assertThat(outcomes.getLast())
        .isInstanceOfSatisfying(
            AttemptOutcome.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo("for_each: the workflow would have more than 10,000 nodes"));
    assertThat(made).isEqualTo(9_997);
  }

  /** A workflow whose node that is for items is ready, with the others. */
  private NewWorkflow expandable(String list, NodeSpec... others) {
    List<NodeSpec> nodes = new ArrayList<>();
    nodes.add(NewWorkflows.node("l"));
    nodes.add(NewWorkflows.forEach("each", "l", 10_000, "l"));
    nodes.addAll(List.of(others));
    NewWorkflow workflow = NewWorkflows.of(world.jobs, nodes.toArray(NodeSpec[]::new));
    world.memory.workflows().submit(workflow);
    Job source = world.found(workflow.jobs().getFirst().job().id());
    world.saved(source.succeed(list, null, clock.instant()));
    world.pushed(world.found(workflow.jobs().get(1).job().id()));
    return workflow;
  }

  private PolicyTable policies() {
    made++;
    return PolicyTable.EMPTY;
  }

  private int transactions(int... added) throws InterruptedException {
    List<Completion> batch = completions(added);
    int before = world.store.calls("save");
    worker.complete(batch);
    return world.store.calls("save") - before;
  }

  /** Of attempts that add so many nodes. */
  private List<Completion> completions(int... added) throws InterruptedException {
    assertThat(worker.admit(take(), started::add).held()).isEqualTo(added.length);
    List<Completion> batch = new ArrayList<>();
    for (int i = 0; i < added.length; i++) {
      List<SpawnedNode> nodes = IntStream.range(0, added[i]).mapToObj(this::spawned).toList();
      AttemptOutcome done =
          new AttemptOutcome.Succeeded(new Result("1", null), clock.instant(), nodes);
      Completion completion = worker.end(started.get(i), done);
      assertThat(completion).isNotNull();
      batch.add(completion);
    }
    return batch;
  }

  private SpawnedNode spawned(int place) {
    JobSpec spec = JobSpec.of("echo", "1");
    Job job = Job.submit(world.jobs.anId(), spec, null, false, clock.instant()).job();
    return new SpawnedNode(Integer.toString(place), false, job);
  }

  private static NodeSpec[] nodes(int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> NewWorkflows.node("n" + i))
        .toArray(NodeSpec[]::new);
  }

  private NewWorkflow submitted(NodeSpec... nodes) {
    NewWorkflow workflow = NewWorkflows.of(world.jobs, nodes);
    world.memory.workflows().submit(workflow);
    workflow.jobs().stream()
        .map(each -> each.job())
        .filter(job -> job.state() == JobState.QUEUED)
        .forEach(world::pushed);
    return workflow;
  }

  private List<Job> take() throws InterruptedException {
    return world.readyMemory.take(
        TakeRequest.ofAllTypes("worker", Set.of(), 10, LEASE, Duration.ZERO));
  }

  private WorkflowView view(NewWorkflow workflow) {
    return world.memory.workflows().find(workflow.id()).orElseThrow();
  }
}
