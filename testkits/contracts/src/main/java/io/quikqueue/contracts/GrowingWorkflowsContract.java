package io.quikqueue.contracts;

import static io.quikqueue.contracts.NewWorkflows.forEach;
import static io.quikqueue.contracts.NewWorkflows.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows.Retried;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What {@link io.quikqueue.domain.port.JobStore#save} guarantees of nodes that others add: they are
 * there with the end of that node or not at all, once, and joins wait for the whole subtree.
 */
public abstract class GrowingWorkflowsContract extends StoreContract {

  @Test
  void theSuccessOfANodeAddsNodesInItsTransaction() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));
    SpawnedNode later =
        new SpawnedNode(
            "later",
            true,
            Job.submit(
                    jobs.anId(),
                    JobSpec.of("echo", "2"),
                    jobs.now().plus(Duration.ofHours(1)),
                    false,
                    jobs.now())
                .job());

    SaveResult saved = done(made, 0, spawned("0"), later);

    assertThat(nodes(made)).extracting(NodeView::name).containsExactly("a", "b", "a:0", "a:later");
    assertThat(nodes(made))
        .extracting(NodeView::optional)
        .containsExactly(false, false, false, true);
    Job added = current(made, 2);
    assertThat(added.spec().node()).isEqualTo(new NodeRef(made.id(), 2, false));
    assertThat(saved.ready()).containsExactly(added);
    assertThat(current(made, 3).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(view(made).nodes()).isEqualTo(4);
    assertThat(view(made).progress().active()).isEqualTo(2);
    assertThat(view(made).progress().waiting()).isOne();
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .isEqualTo(
            Map.of(
                JobState.DONE,
                1L,
                JobState.WAITING,
                1L,
                JobState.QUEUED,
                1L,
                JobState.SCHEDULED,
                1L));
    Outbox outbox = stores.outbox();
    if (outbox != null) {
      assertThat(outbox.pending(jobs.now().plusSeconds(60), 10))
          .extracting(Job::id)
          .contains(added.id());
    }
  }

  @Test
  void whoWaitsForANodeWaitsForAllThatItAddsAndThatTheseAdd() {
    NewWorkflow made = submitted(node("a"), node("b", "a"), node("c", "b"));

    done(made, 0, spawned("x"), spawned("y"));
    assertThat(current(made, 1).state()).isEqualTo(JobState.WAITING);
    done(made, 3, spawned("z"));
    done(made, 4);
    assertThat(nodes(made).get(5).name()).isEqualTo("a:x:z");
    assertThat(current(made, 1).state()).isEqualTo(JobState.WAITING);
    SaveResult last = done(made, 5);

    assertThat(last.ready()).extracting(Job::id).containsExactly(id(made, 1));
    done(made, 1);
    done(made, 2);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  @Test
  void theLastNodeMayAddSomeAndTheWorkflowGoesOn() {
    NewWorkflow made = submitted(node("a"));

    done(made, 0, spawned("0"));
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.RUNNING);
    done(made, 1);

    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
  }

  @Test
  void theFailureOfANodeThatWasAddedCountsForThoseThatWait() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));

    done(made, 0, spawned("0"));
    stores.jobs().save(List.of(current(made, 2).fail(new Failure("no", true), 0.5, tick())));

    assertThat(current(made, 1).note()).isEqualTo("skipped: a:0 failed");
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
  }

  /** As when the answer to the first was not heard, by the same attempt or one made anew. */
  @Test
  void theSameEndAgainAddsNothing() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));
    Transition end = end(made, 0, spawned("0"));
    Transition again = end(made, 0, spawned("0"));

    assertThat(stores.jobs().save(List.of(end)).applied()).hasSize(1);
    SaveResult repeated = stores.jobs().save(List.of(end));
    stores.jobs().save(List.of(again));

    assertThat(repeated.applied()).hasSize(1);
    assertThat(repeated.ready()).isEmpty();
    assertThat(nodes(made)).hasSize(3);
    assertThat(view(made).nodes()).isEqualTo(3);
    assertThat(allJobs()).hasSize(3);
  }

  @Test
  void ofTwoEndsAtOnceOneAddsItsNodes() throws Exception {
    for (int round = 0; round < 10; round++) {
      NewWorkflow made = submitted(node("a"), node("b", "a"));
      List<Transition> ends = List.of(end(made, 0, spawned("0")), end(made, 0, spawned("0")));
      List<Callable<SaveResult>> both = new ArrayList<>();
      ends.forEach(end -> both.add(() -> stores.jobs().save(List.of(end))));
      atOnce(both);

      assertThat(nodes(made)).hasSize(3);
      done(made, 2);
      assertThat(current(made, 1).state()).isEqualTo(JobState.QUEUED);
    }
  }

  @Test
  void manyInOneTransactionAddTheirNodesSideBySide() {
    NewWorkflow made = submitted(node("a"), node("b"), node("c", "a", "b"));

    SaveResult saved =
        stores.jobs().save(List.of(end(made, 1, spawned("0")), end(made, 0, spawned("0"))));

    assertThat(nodes(made)).extracting(NodeView::name).containsExactly("a", "b", "c", "a:0", "b:0");
    assertThat(saved.ready()).hasSize(2);
    assertThat(current(made, 2).state()).isEqualTo(JobState.WAITING);
  }

  @Test
  void aWorkflowHasAtMostTenThousandNodes() {
    NewWorkflow made = submitted(group(9_998));

    SaveResult tooMany = done(made, 0, spawned("0"), spawned("1"), spawned("2"));
    SaveResult most = done(made, 0, spawned("0"), spawned("1"));

    assertThat(tooMany.refused().values())
        .containsExactly("the workflow would have more than 10,000 nodes");
    assertThat(most.applied()).hasSize(1);
    assertThat(view(made).nodes()).isEqualTo(10_000);
  }

  @Test
  void atMostAHundredNodesWaitForOneThatAddsSome() {
    NewWorkflow made = submitted(behind(100));
    NewWorkflow larger = submitted(behind(101));

    SaveResult saved =
        stores.jobs().save(List.of(end(made, 0, spawned("0")), end(larger, 0, spawned("0"))));

    assertThat(saved.refused().values())
        .containsExactly("more than 100 nodes wait for this one, and would for each that it adds");
    assertThat(nodes(made)).hasSize(102);
    assertThat(nodes(larger)).hasSize(102);
    assertThat(current(larger, 0).state()).isEqualTo(JobState.QUEUED);
    assertThat(done(made, 101).ready()).hasSize(100);
  }

  @Test
  void theNodesThatWaitNeedAHundredThousandOfThoseThatAreAddedAtMost() {
    NewWorkflow made = submitted(behind(100));
    SpawnedNode[] most =
        IntStream.range(0, 1_000)
            .mapToObj(i -> spawned(Integer.toString(i)))
            .toArray(SpawnedNode[]::new);
    List<SpawnedNode> more = new ArrayList<>(List.of(most));
    more.add(spawned("1000"));

    assertThat(done(made, 0, more.toArray(SpawnedNode[]::new)).refused().values())
        .containsExactly(
            "those that wait for this one would wait for more than 100,000 nodes together");
    assertThat(done(made, 0, most).applied()).hasSize(1);
  }

  @Test
  void nodesAreAddedEightDeepAtMost() {
    NewWorkflow made = submitted(node("a"));
    for (int deep = 0; deep < SpawnedNode.DEEPEST; deep++) {
      assertThat(done(made, deep, spawned("0")).applied()).hasSize(1);
    }

    assertThat(done(made, SpawnedNode.DEEPEST, spawned("0")).refused()).hasSize(1);
    assertThat(nodes(made)).hasSize(1 + SpawnedNode.DEEPEST);
  }

  @Test
  void namesMayGrowToTwoHundredAndFiftyFive() {
    String longest = "n".repeat(64);
    NewWorkflow made = submitted(node(longest));
    done(made, 0, spawned(longest));
    done(made, 1, spawned(longest));

    assertThat(done(made, 2, spawned("n".repeat(61))).refused()).hasSize(1);
    assertThat(done(made, 2, spawned("n".repeat(60))).applied()).hasSize(1);
    assertThat(nodes(made).get(3).name()).hasSize(255);
    stores.jobs().save(List.of(current(made, 3).fail(new Failure("no", true), 0.5, tick())));
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
  }

  @Test
  void aNodeForATimeThatNoStoreHoldsIsRefusedAndItsNeighboursAreNot() {
    NewWorkflow made = submitted(node("a"), node("b"));
    JobSpec spec = JobSpec.builder("echo", "1").deadline(Instant.MAX).build();
    SpawnedNode never =
        new SpawnedNode("0", false, Job.submit(jobs.anId(), spec, null, false, jobs.now()).job());

    SaveResult saved = stores.jobs().save(List.of(end(made, 0, never), end(made, 1, spawned("0"))));

    assertThat(saved.refused().values()).containsExactly("a time is out of range");
    assertThat(nodes(made)).extracting(NodeView::name).containsExactly("a", "b", "b:0");
  }

  @Test
  void aCancelReachesNodesThatWereAdded() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));
    done(made, 0, spawned("0"));

    stores.workflows().cancel(made.id(), tick());

    assertThat(nodes(made))
        .extracting(NodeView::ended)
        .containsExactly(JobState.DONE, JobState.CANCELLED, JobState.CANCELLED);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.CANCELLED);
  }

  @Test
  void whatFailedIsRetriedAndAnEarlierGenerationHasTheNodesOfThen() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));
    stores.jobs().save(List.of(current(made, 0).fail(new Failure("no", true), 0.5, tick())));
    retry(made, node("a"), node("b", "a"));
    done(made, 0, spawned("0"));
    stores.jobs().save(List.of(current(made, 2).fail(new Failure("no", true), 0.5, tick())));
    assertThat(current(made, 1).state()).isEqualTo(JobState.SKIPPED);

    retry(made, node("a"), node("b", "a"), node("a:0"));
    assertThat(current(made, 1).state()).isEqualTo(JobState.WAITING);
    done(made, 2);
    done(made, 1);

    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
    assertThat(stores.workflows().nodes(made.id(), 1, 0, 10)).hasSize(2);
    assertThat(stores.workflows().find(made.id(), 1).orElseThrow().nodes()).isEqualTo(2);
    assertThat(stores.workflows().nodes(made.id(), 2, 0, 10))
        .extracting(NodeView::ended)
        .containsExactly(JobState.DONE, JobState.SKIPPED, JobState.FAILED);
  }

  @Test
  void theResultOfANodeThatIsForItemsIsHowManyItAdded() {
    NewWorkflow made =
        submitted(node("list"), forEach("each", "list.items", 10, "list"), node("b", "each"));
    done(made, 0);
    assertThat(current(made, 1).spec().node())
        .isEqualTo(new NodeRef(made.id(), 1, true, null, new ForEach("list.items", 10, false)));
    Transition end =
        current(made, 1)
            .succeed(ForEach.result(2), null, tick())
            .spawning(List.of(spawned("0"), spawned("1")));
    stores.jobs().save(List.of(end));

    assertThat(stores.workflows().results(made.id(), List.of("list", "each"), 100))
        .isEqualTo(new NodeResults(Map.of("list", "1"), Map.of(), Map.of("each", 2)));
    done(made, 3);
    assertThat(current(made, 2).state()).isEqualTo(JobState.WAITING);
    done(made, 4);
    assertThat(current(made, 2).state()).isEqualTo(JobState.QUEUED);
  }

  /** As a store finds it whose process lacks the key. */
  @Test
  void whatCannotBeOpenedOfANodeThatIsForItemsIsToldAsItIs() {
    String sealed = SealedText.of("old", "AAAA");
    NewWorkflow made = submitted(node("list"), forEach("each", "list.items", 10, "list"));
    done(made, 0);
    stores
        .jobs()
        .save(
            List.of(
                current(made, 1).succeed(sealed, null, tick()).spawning(List.of(spawned("0")))));

    assertThat(stores.workflows().results(made.id(), List.of("each"), 100))
        .isEqualTo(new NodeResults(Map.of("each", sealed), Map.of(), Map.of()));
  }

  @Test
  void whatANodeAddsAgainTakesThePlaceOfWhatItAddedBeforeAndTheRestCountsForNobody() {
    NewWorkflow made = submitted(node("null"), node("b", "null"));
    done(made, 0, spawned("0"), spawned("1"));
    done(made, 2);
    stores.jobs().save(List.of(current(made, 3).fail(new Failure("no", true), 0.5, tick())));
    List<NodeView> before = nodes(made);

    retry(
        made,
        RetryRequest.Mode.ALL,
        node("null"),
        node("b", "null"),
        node("null:0"),
        node("null:1"));
    assertThat(nodes(made))
        .extracting(NodeView::ended)
        .containsExactly(null, null, JobState.SKIPPED, JobState.SKIPPED);
    assertThat(view(made).progress().failures()).isZero();
    SaveResult saved = done(made, 0, spawned("0"), spawned("2"));

    assertThat(saved.ready()).containsExactly(current(made, 2), current(made, 4));
    assertThat(nodes(made))
        .extracting(NodeView::name)
        .containsExactly("null", "b", "null:0", "null:1", "null:2");
    done(made, 4);
    assertThat(current(made, 1).state()).isEqualTo(JobState.WAITING);
    done(made, 2);
    done(made, 1);
    WorkflowView over = view(made);
    assertThat(over.progress().state()).isEqualTo(WorkflowState.DONE);
    assertThat(over.progress().done()).isEqualTo(4);
    assertThat(over.progress().skipped()).isOne();
    assertThat(over.nodes()).isEqualTo(5);
    assertThat(stores.workflows().nodes(made.id(), 1, 0, 10)).isEqualTo(before);
  }

  private void retry(NewWorkflow made, NodeSpec... nodes) {
    retry(made, RetryRequest.Mode.FAILED, nodes);
  }

  private void retry(NewWorkflow made, RetryRequest.Mode mode, NodeSpec... nodes) {
    tick();
    NewGeneration again =
        NewWorkflows.again(
            jobs,
            new WorkflowSpec("test", made.graph().spec().onFailure(), List.of(nodes)),
            view(made),
            nodes(made),
            new RetryRequest(mode, List.of(), Map.of()),
            null);
    assertThat(stores.workflows().retry(again)).isInstanceOf(Retried.Stored.class);
  }

  private static NodeSpec[] group(int size) {
    return IntStream.range(0, size).mapToObj(i -> node("n" + i)).toArray(NodeSpec[]::new);
  }

  private static NodeSpec[] behind(int size) {
    return IntStream.rangeClosed(0, size)
        .mapToObj(i -> i == 0 ? node("a") : node("n" + i, "a"))
        .toArray(NodeSpec[]::new);
  }

  private SpawnedNode spawned(String name) {
    JobSpec job = JobSpec.of("echo", "1");
    return new SpawnedNode(name, false, Job.submit(jobs.anId(), job, null, false, tick()).job());
  }

  private NewWorkflow submitted(NodeSpec... nodes) {
    NewWorkflow made = NewWorkflows.of(jobs, nodes);
    stores.workflows().submit(made);
    return made;
  }

  private Transition end(NewWorkflow made, int node, SpawnedNode... spawned) {
    return current(made, node).succeed("1", null, tick()).by(WORKER).spawning(List.of(spawned));
  }

  private SaveResult done(NewWorkflow made, int node, SpawnedNode... spawned) {
    return stores.jobs().save(List.of(end(made, node, spawned)));
  }

  private Job current(NewWorkflow made, int node) {
    return found(stores.workflows().nodes(made.id(), node, 1).getFirst().job());
  }

  private WorkflowView view(NewWorkflow made) {
    return stores.workflows().find(made.id()).orElseThrow();
  }

  private List<NodeView> nodes(NewWorkflow made) {
    return stores.workflows().nodes(made.id(), 0, 1_000);
  }

  private static JobId id(NewWorkflow made, int node) {
    return made.jobs().get(node).job().id();
  }
}
