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
          () -> PolicyTable.EMPTY,
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
    NewWorkflow made = submitted(nodes(4));

    assertThat(transactions(0, 1_000, 0, 1_000)).isOne();

    assertThat(view(made).nodes()).isEqualTo(2_004);
  }

  @Test
  void outcomesThatAddMoreAreWrittenInSeveralTransactions() throws InterruptedException {
    NewWorkflow made = submitted(nodes(6));

    assertThat(transactions(1_000, 1_001, 0, 999, 0, 3_000)).isEqualTo(3);

    assertThat(view(made).nodes()).isEqualTo(6_006);
    assertThat(worker.held()).isEmpty();
  }

  @Test
  void whatSomeOfTheTransactionsWroteIsWrittenOnceWhenAllAreRepeated() throws InterruptedException {
    NewWorkflow made = submitted(nodes(2));
    List<Completion> batch = completions(1_500, 1_500);
    world.store.afterNext("save", world.store::down);
    assertThatThrownBy(() -> worker.complete(batch)).isInstanceOf(UnavailableException.class);
    assertThat(view(made).nodes()).isEqualTo(1_502);
    assertThat(worker.held()).hasSize(2);

    world.store.up();
    worker.complete(batch);

    assertThat(view(made).nodes()).isEqualTo(3_002);
    assertThat(view(made).progress().done()).isEqualTo(2);
    assertThat(worker.held()).isEmpty();
  }

  /** However short their items are: a take expands lists until memory for them is used up. */
  @Test
  void aTakeOfManyListsExpandsSomeAndGivesTheOthersBack() throws InterruptedException {
    String list = "[" + "1,".repeat(9_899) + "1]";
    List<NewWorkflow> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(submitted(NewWorkflows.node("l"), NewWorkflows.forEach("each", "l", 10_000, "l")));
      Job source = world.found(made.get(i).jobs().getFirst().job().id());
      world.memory.save(List.of(source.succeed(list, null, clock.instant())));
      world.readyMemory.ack(List.of(source.attemptId()));
      world.pushed(world.found(made.get(i).jobs().getLast().job().id()));
    }

    AdmissionResult admitted = worker.admit(take(), started::add);

    assertThat(admitted.ended()).hasSize(2);
    assertThat(take()).as("given back").hasSize(3);
    worker.complete(admitted.ended());
    assertThat(made.stream().map(each -> view(each).nodes()))
        .containsExactlyInAnyOrder(9_902, 9_902, 2, 2, 2);
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
    NewWorkflow made = NewWorkflows.of(world.jobs, nodes);
    world.memory.workflows().submit(made);
    made.jobs().stream()
        .map(each -> each.job())
        .filter(job -> job.state() == JobState.QUEUED)
        .forEach(world::pushed);
    return made;
  }

  private List<Job> take() throws InterruptedException {
    return world.readyMemory.take(
        TakeRequest.ofAllTypes("worker", Set.of(), 10, LEASE, Duration.ZERO));
  }

  private WorkflowView view(NewWorkflow made) {
    return world.memory.workflows().find(made.id()).orElseThrow();
  }
}
