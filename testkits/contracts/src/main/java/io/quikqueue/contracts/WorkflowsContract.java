package io.quikqueue.contracts;

import static io.quikqueue.contracts.NewWorkflows.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Reach;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.port.Workflows.Retried;
import io.quikqueue.domain.port.Workflows.Submitted;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the {@link Workflows} and {@link io.quikqueue.domain.port.JobStore#save} of a store
 * guarantee: the end of a node tells those that need it in its own transaction, once, whoever ends
 * it; every workflow ends.
 */
public abstract class WorkflowsContract extends StoreContract {

  /** How many workflows drawn by lot are run. */
  protected int seeds() {
    return 40;
  }

  @Test
  void aWorkflowIsStoredWithItsJobs() {
    NewWorkflow made = NewWorkflows.of(jobs, node("a"), node("b", "a"), node("c", "a", "b"));

    Submitted.Stored stored = (Submitted.Stored) stores.workflows().submit(made);

    assertThat(stored.ready()).extracting(Job::id).containsExactly(id(made, 0));
    assertThat(view(made)).isEqualTo(stored.workflow());
    assertThat(stored.workflow().progress().waiting()).isEqualTo(2);
    assertThat(stored.workflow().progress().active()).isOne();
    assertThat(stored.workflow().progress().state()).isEqualTo(WorkflowState.RUNNING);
    for (Submission each : made.jobs()) {
      assertThat(found(each.job().id())).isEqualTo(each.job());
    }
    assertThat(nodes(made))
        .containsExactly(
            new NodeView(0, "a", id(made, 0), List.of(), RunIf.ALL_SUCCEEDED, false, null),
            new NodeView(1, "b", id(made, 1), List.of("a"), RunIf.ALL_SUCCEEDED, false, null),
            new NodeView(2, "c", id(made, 2), List.of("a", "b"), RunIf.ALL_SUCCEEDED, false, null));
    assertThat(stores.workflows().nodes(made.id(), 1, 1))
        .extracting(NodeView::name)
        .containsExactly("b");
    Outbox outbox = stores.outbox();
    if (outbox != null) {
      assertThat(outbox.pending(jobs.now().plusSeconds(60), 10))
          .extracting(Job::id)
          .containsExactly(id(made, 0));
    }
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .isEqualTo(Map.of(JobState.QUEUED, 1L, JobState.WAITING, 2L));
  }

  @Test
  void theSameWorkflowIsStoredOnce() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));

    assertThat(stores.workflows().submit(made))
        .isEqualTo(new Submitted.Stored(view(made), List.of()));
    assertThat(allJobs()).hasSize(2);
  }

  @Test
  void aKeyMakesOneWorkflow() {
    WorkflowSpec spec = spec(node("a"));
    IdempotencyKey key = Jobs.aKey("k", 1);
    NewWorkflow first = NewWorkflows.of(jobs, spec, key);
    stores.workflows().submit(first);

    assertThat(stores.workflows().submit(NewWorkflows.of(jobs, spec, key)))
        .isEqualTo(new Submitted.Replayed(view(first)));
    assertThat(stores.workflows().submit(NewWorkflows.of(jobs, spec, Jobs.aKey("k", 2))))
        .isEqualTo(new Submitted.KeyReused(first.id()));
    assertThat(allJobs()).hasSize(1);
  }

  @Test
  void aWorkflowThatDoesNotFitIntoAQueueIsNotStoredAtAll() {
    NewWorkflow made = NewWorkflows.of(jobs, node("a"), node("b"), node("c"));
    List<Submission> limited =
        made.jobs().stream()
            .map(
                each ->
                    new Submission(each.job(), null, each.keyExpires(), new MaxWaiting(2, null)))
            .toList();
    NewWorkflow full =
        new NewWorkflow(made.id(), made.graph(), limited, null, made.createdAt(), null);

    assertThat(stores.workflows().submit(full)).isInstanceOf(Submitted.Full.class);

    assertThat(stores.workflows().find(made.id())).isEmpty();
    assertThat(allJobs()).isEmpty();
  }

  @Test
  void theEndOfANodeReleasesTheNextInItsTransaction() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));

    SaveResult saved = done(made, 0);

    Job next = found(id(made, 1));
    assertThat(next.state()).isEqualTo(JobState.QUEUED);
    assertThat(saved.ready()).containsExactly(next);
    assertThat(view(made).progress().waiting()).isZero();
    assertThat(done(made, 1).ready()).isEmpty();
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
    assertThat(view(made).finishedAt()).isEqualTo(found(id(made, 1)).finishedAt());
  }

  @Test
  void anEndThatIsSavedAgainReleasesNothingMore() {
    NewWorkflow made = submitted(node("a"), node("b", "a"), node("c", "a", "b"));
    Transition end = found(id(made, 0)).succeed("1", null, tick());
    stores.jobs().save(List.of(end.by(WORKER)));

    SaveResult again = stores.jobs().save(List.of(end.by(WORKER)));

    assertThat(again.applied()).containsExactly(end.attempt());
    assertThat(again.ready()).isEmpty();
    assertThat(found(id(made, 2)).state()).isEqualTo(JobState.WAITING);
    assertThat(view(made).progress().done()).isOne();
  }

  /** As a worker knows it from a message, which need not have the marks of the store. */
  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED", "EXPIRED"})
  void whatNeedsAFailedNodeIsSkippedWithItsCause(JobState end) {
    NewWorkflow made =
        submitted(
            node("a"), node("b", "a"), node("c", "b"), node("d", RunIf.ANY_FAILED, false, "a"));

    SaveResult saved = stores.jobs().save(List.of(ended(found(id(made, 0)), end).by(WORKER)));

    assertThat(saved.ready()).extracting(Job::id).containsExactly(id(made, 3));
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.SKIPPED);
    assertThat(found(id(made, 1)).note())
        .isEqualTo(
            end == JobState.CANCELLED
                ? "skipped: a was cancelled"
                : "skipped: a " + end.name().toLowerCase(java.util.Locale.ROOT));
    assertThat(found(id(made, 2)).note()).isEqualTo("skipped: b was skipped");
    assertThat(found(id(made, 2)).finishedAt()).isNotNull();
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .containsEntry(JobState.SKIPPED, 2L);
    done(made, 3);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
  }

  @Test
  void theFailureOfAnOptionalNodeEndsAsDoneWithFailures() {
    NewWorkflow made = submitted(node("a", RunIf.ALL_SUCCEEDED, true), node("b", "a"));

    saved(found(id(made, 0)).fail(new Failure("no", true), 0.5, tick()));
    done(made, 1);

    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE_WITH_FAILURES);
  }

  @Test
  void aFailureMayCancelTheRest() {
    NewWorkflow made =
        NewWorkflows.of(
            jobs,
            new WorkflowSpec(
                "w", OnFailure.CANCEL_REST, List.of(node("a"), node("b"), node("c", "b"))));
    stores.workflows().submit(made);
    saved(found(id(made, 1)), Verb.START);

    saved(found(id(made, 0)).fail(new Failure("no", true), 0.5, tick()));

    assertThat(nodes(made))
        .extracting(NodeView::ended)
        .containsExactly(JobState.FAILED, JobState.CANCELLED, JobState.CANCELLED);
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  @Test
  void aFailureThatIsTriedAgainEndsNothing() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));

    saved(found(id(made, 0)), Verb.FAIL);

    assertThat(found(id(made, 0)).state()).isEqualTo(JobState.RETRYING);
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.WAITING);
    assertThat(view(made).progress().active()).isOne();
  }

  @Test
  void aCancelledWorkflowStartsNothingMore() {
    NodeSpec[] many =
        IntStream.range(0, 700)
            .mapToObj(i -> i < 3 ? node("n" + i) : node("n" + i, "n" + (i - 3)))
            .toArray(NodeSpec[]::new);
    NewWorkflow made = submitted(many);
    done(made, 0);
    saved(found(id(made, 1)), Verb.START);

    WorkflowView cancelled = stores.workflows().cancel(made.id(), tick()).orElseThrow();

    assertThat(cancelled.progress().state()).isEqualTo(WorkflowState.CANCELLED);
    assertThat(cancelled.progress().cancelled()).isEqualTo(699);
    assertThat(found(id(made, 699)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(
            save(
                found(id(made, 1)).toBuilder()
                    .state(JobState.RUNNING)
                    .build()
                    .succeed("1", null, tick())))
        .isEmpty();
    assertThat(stores.workflows().cancel(made.id(), tick())).contains(cancelled);
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  @Test
  void thoseThatHaveNotEndedAreCountedByState() {
    assertThat(stores.workflows().open()).isEmpty();
    NewWorkflow made = submitted(node("a"), node("b", "a"));
    submitted(node("c"));
    assertThat(stores.workflows().open()).isEqualTo(Map.of(WorkflowState.RUNNING, 2L));

    stores.workflows().cancel(made.id(), tick());

    assertThat(stores.workflows().open()).isEqualTo(Map.of(WorkflowState.RUNNING, 1L));
  }

  @Test
  void thereIsNothingToCancelOfAnUnknownWorkflow() {
    WorkflowId unknown = new WorkflowId(jobs.anId());

    assertThat(stores.workflows().cancel(unknown, tick())).isEmpty();
    assertThat(stores.workflows().find(unknown)).isEmpty();
    assertThat(stores.workflows().nodes(unknown, 0, 10)).isEmpty();
    assertThat(stores.workflows().results(unknown, Set.of("a"), 10))
        .isEqualTo(new NodeResults(Map.of(), Map.of()));
  }

  /** More than one transaction tells: the rest follows, and nobody is told twice. */
  @Test
  void oneNodeReleasesThousands() {
    NodeSpec[] many = new NodeSpec[1_201];
    many[0] = node("root");
    for (int i = 1; i < many.length; i++) {
      many[i] = node("n" + i, "root");
    }
    NewWorkflow made = submitted(many);

    SaveResult saved = done(made, 0);

    assertThat(saved.ready()).hasSize(1_200).doesNotHaveDuplicates();
    assertThat(view(made).progress().active()).isEqualTo(1_200);
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  @Test
  void aSkipSpreadsOverThousands() {
    NodeSpec[] many = new NodeSpec[1_201];
    many[0] = node("n0");
    for (int i = 1; i < many.length; i++) {
      many[i] = node("n" + i, "n" + (i - 1));
    }
    NewWorkflow made = submitted(many);

    saved(found(id(made, 0)).fail(new Failure("no", true), 0.5, tick()));

    assertThat(view(made).progress().skipped()).isEqualTo(1_200);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
    assertThat(found(id(made, 1_200)).note()).isEqualTo("skipped: n1199 was skipped");
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  @Test
  void thousandsOfNodesReleaseOneWhenTheLastEnds() {
    NodeSpec[] many = new NodeSpec[1_501];
    String[] names = new String[1_500];
    for (int i = 0; i < names.length; i++) {
      names[i] = "n" + i;
      many[i] = node(names[i]);
    }
    many[1_500] = node("join", names);
    NewWorkflow made = submitted(many);
    List<Job> ready = new ArrayList<>();

    for (int from = 0; from < 1_500; from += 500) {
      List<Transition> batch = new ArrayList<>();
      for (int i = from; i < from + 500; i++) {
        batch.add(made.jobs().get(i).job().succeed("1", null, tick()).by(WORKER));
      }
      ready.addAll(stores.jobs().save(batch).ready());
    }

    assertThat(ready).extracting(Job::id).containsExactly(id(made, 1_500));
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  /** Two branches that end at once, again and again: the join is released once. */
  @Test
  void twoBranchesThatEndAtOnceReleaseTheirJoinOnce() throws InterruptedException {
    for (int round = 0; round < rounds(); round++) {
      NewWorkflow made = submitted(node("a"), node("b"), node("c", "a", "b"));
      List<Callable<SaveResult>> ends = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Transition end = made.jobs().get(i).job().succeed("1", null, tick()).by("worker-" + i);
        ends.add(() -> stores.jobs().save(List.of(end)));
      }

      List<Job> ready = new ArrayList<>();
      atOnce(ends).forEach(saved -> ready.addAll(saved.ready()));

      assertThat(ready).extracting(Job::id).containsExactly(id(made, 2));
      assertThat(found(id(made, 2)).state()).isEqualTo(JobState.QUEUED);
      assertThat(view(made).progress().done()).isEqualTo(2);
    }
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  /** How often two branches end at once. */
  protected int rounds() {
    return 100;
  }

  @Test
  void resultsAreThoseOfNodesThatSucceeded() {
    NewWorkflow made = submitted(node("a"), node("b"), node("c"), node("d"));
    saved(found(id(made, 0)).succeed("{\"x\":1}", null, tick()));
    saved(found(id(made, 1)).succeed(null, null, tick()));
    saved(found(id(made, 2)).fail(new Failure("no", true), 0.5, tick()));

    assertThat(stores.workflows().results(made.id(), List.of("a", "b", "c", "d"), 100))
        .isEqualTo(new NodeResults(Map.of("a", "{\"x\":1}"), Map.of("b", NodeResults.NONE)));
    assertThat(stores.workflows().results(made.id(), List.of("a"), 7)).isNotNull();
    assertThat(stores.workflows().results(made.id(), List.of("a"), 6)).isNull();
  }

  @Test
  void aResultWhoseJobHasBeenDeletedIsMissing() {
    NewWorkflow made = submitted(node("a"), node("b", "a"));
    done(made, 0);
    stores.jobs().deleteEnded(List.of(id(made, 0)));

    assertThat(stores.workflows().results(made.id(), List.of("a"), 100))
        .isEqualTo(new NodeResults(Map.of(), Map.of("a", NodeResults.DELETED)));
  }

  @Test
  void workflowsAreListedFromTheNewestOn() {
    List<WorkflowId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      NewWorkflow made =
          NewWorkflows.of(
              jobs, new WorkflowSpec("w" + i % 2, OnFailure.FINISH_BRANCHES, List.of(node("a"))));
      stores.workflows().submit(made);
      ids.addFirst(made.id());
    }
    stores.workflows().cancel(ids.get(4), tick());

    assertThat(listed(null, null, null, 10)).isEqualTo(ids);
    assertThat(listed(null, null, ids.get(1), 10)).isEqualTo(ids.subList(2, 5));
    assertThat(listed(null, null, null, 2)).isEqualTo(ids.subList(0, 2));
    assertThat(page(null, null, null, 2).next()).isEqualTo(ids.get(1));
    assertThat(page(null, null, null, 5).next()).isNull();
    assertThat(listed(null, "w1", null, 10)).containsExactly(ids.get(1), ids.get(3));
    assertThat(listed(WorkflowState.CANCELLED, "w0", null, 10)).containsExactly(ids.get(4));
  }

  @Test
  void aWorkflowIsWithinAScopeWhenAllOfItsJobsAre() {
    NewWorkflow own = submittedIn("a", "a");
    NewWorkflow mixed = submittedIn("a", "b");
    NewWorkflow foreign = submittedIn("b", "b");
    NewWorkflow last = submittedIn("a1", "a");
    Scope scope = new Scope(Set.of("a*"), Set.of("*"));

    assertThat(view(own).isWithin(scope)).isTrue();
    assertThat(view(mixed).isWithin(scope)).isFalse();
    assertThat(view(foreign).isWithin(scope)).isFalse();
    WorkflowQuery query = new WorkflowQuery(null, null, null, 1);
    WorkflowPage page = stores.workflows().list(query.within(scope));
    assertThat(page.workflows()).extracting(WorkflowView::id).containsExactly(last.id());
    WorkflowQuery next = new WorkflowQuery(null, null, page.next(), 5);
    assertThat(stores.workflows().list(next.within(scope)))
        .isEqualTo(new WorkflowPage(List.of(view(own)), null));
  }

  @Test
  void whoseScopeAWorkflowOfVeryManyKindsIsInIsNotKnown() {
    List<NodeSpec> nodes = new ArrayList<>();
    for (int i = 0; i <= Reach.MOST; i++) {
      nodes.add(in("a" + i, "n" + i));
    }
    NewWorkflow most = submitted(nodes.subList(1, nodes.size()).toArray(NodeSpec[]::new));
    NewWorkflow more = submitted(nodes.toArray(NodeSpec[]::new));
    Scope scope = new Scope(Set.of("a*"), Set.of("*"));

    assertThat(view(most).isWithin(scope)).isTrue();
    assertThat(view(more).isWithin(scope)).isFalse();
    assertThat(view(more).isWithin(Scope.ALL)).isTrue();
  }

  private NewWorkflow submittedIn(String queue, String other) {
    return submitted(in(queue, "x"), in(other, "y"), in(queue, "z"));
  }

  private static NodeSpec in(String queue, String name) {
    JobSpec job = JobSpec.builder("echo", "1").queue(queue).build();
    return new NodeSpec(name, job, null, List.of(), RunIf.ALL_SUCCEEDED, false);
  }

  private List<WorkflowId> listed(
      @Nullable WorkflowState state, @Nullable String name, @Nullable WorkflowId after, int limit) {
    return page(state, name, after, limit).workflows().stream().map(WorkflowView::id).toList();
  }

  private WorkflowPage page(
      @Nullable WorkflowState state, @Nullable String name, @Nullable WorkflowId after, int limit) {
    return stores.workflows().list(new WorkflowQuery(state, name, after, limit));
  }

  private static RetryRequest retry(RetryRequest.Mode mode) {
    return new RetryRequest(mode, List.of(), Map.of());
  }

  private NewGeneration again(NewWorkflow made, RetryRequest asked, @Nullable IdempotencyKey key) {
    tick();
    return NewWorkflows.again(jobs, made.graph().spec(), view(made), nodes(made), asked, key);
  }

  private List<@Nullable JobState> ends(NewWorkflow made) {
    return nodes(made).stream().<@Nullable JobState>map(NodeView::ended).toList();
  }

  private Job current(NewWorkflow made, int node) {
    return found(nodes(made).get(node).job());
  }

  /** Its nodes are: a DONE, b FAILED, c SKIPPED behind b, d DONE since b failed. */
  private NewWorkflow failed() {
    NewWorkflow made =
        submitted(
            node("a"), node("b", "a"), node("c", "b"), node("d", RunIf.ANY_FAILED, false, "b"));
    done(made, 0);
    saved(found(id(made, 1)).fail(new Failure("no", true), 0.5, tick()));
    done(made, 3);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
    return made;
  }

  @Test
  void aRetryOfWhatFailedGivesItNewJobsAndKeepsTheRest() {
    NewWorkflow made = failed();
    WorkflowView first = view(made);
    List<NodeView> before = nodes(made);
    NewGeneration next = again(made, retry(RetryRequest.Mode.FAILED), null);

    Retried.Stored stored = (Retried.Stored) stores.workflows().retry(next);

    assertThat(stored.ready()).containsExactly(next.again().getFirst().job());
    assertThat(view(made)).isEqualTo(stored.workflow());
    assertThat(stored.workflow().generation()).isEqualTo(2);
    assertThat(stored.workflow().finishedAt()).isNull();
    assertThat(stored.workflow().progress().state()).isEqualTo(WorkflowState.RUNNING);
    assertThat(ends(made)).containsExactly(JobState.DONE, null, null, JobState.DONE);
    assertThat(nodes(made).get(0)).isEqualTo(before.get(0));
    assertThat(nodes(made).get(3)).isEqualTo(before.get(3));
    assertThat(current(made, 1)).isEqualTo(next.again().get(0).job());
    assertThat(current(made, 2).state()).isEqualTo(JobState.WAITING);
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.FAILED);
    assertThat(stores.workflows().find(made.id(), 1)).contains(first);
    assertThat(stores.workflows().nodes(made.id(), 1, 0, 10)).isEqualTo(before);
    assertThat(stores.workflows().nodes(made.id(), 2, 1, 1)).isEqualTo(nodes(made).subList(1, 2));
    assertThat(stores.workflows().find(made.id(), 3)).isEmpty();

    SaveResult saved =
        stores.jobs().save(List.of(current(made, 1).succeed("1", null, tick()).by(WORKER)));
    assertThat(saved.ready()).extracting(Job::id).containsExactly(nodes(made).get(2).job());
    save(current(made, 2).succeed("1", null, tick()));
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
    assertThat(view(made).progress().done()).isEqualTo(4);
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  @Test
  void aRetryWithWhatIsBehindDecidesOnThatAnew() {
    NewWorkflow made = failed();
    stores.workflows().retry(again(made, retry(RetryRequest.Mode.FAILED_AND_DOWNSTREAM), null));
    assertThat(ends(made)).containsExactly(JobState.DONE, null, null, null);

    save(current(made, 1).succeed("1", null, tick()));
    save(current(made, 2).succeed("1", null, tick()));

    assertThat(ends(made))
        .containsExactly(JobState.DONE, JobState.DONE, JobState.DONE, JobState.SKIPPED);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
  }

  @Test
  void aRetryOfACancelledWorkflowRunsAllThatWasCancelled() {
    NewWorkflow made = submitted(node("a"), node("b", "a"), node("c", "b"));
    done(made, 0);
    stores.workflows().cancel(made.id(), tick());

    stores.workflows().retry(again(made, retry(RetryRequest.Mode.FAILED), null));

    assertThat(ends(made)).containsExactly(JobState.DONE, null, null);
    save(current(made, 1).succeed("1", null, tick()));
    save(current(made, 2).succeed("1", null, tick()));
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
  }

  @Test
  void theSameRetryIsStoredOnceAndNoOtherBesideIt() {
    NewWorkflow made = failed();
    NewGeneration next = again(made, retry(RetryRequest.Mode.FAILED), null);
    NewGeneration other = again(made, retry(RetryRequest.Mode.ALL), null);
    Retried.Stored stored = (Retried.Stored) stores.workflows().retry(next);
    long all = allJobs().size();

    assertThat(((Retried.Stored) stores.workflows().retry(next)).workflow())
        .isEqualTo(stored.workflow());
    assertThat(stores.workflows().retry(other)).isEqualTo(new Retried.Outdated());
    assertThat(allJobs()).hasSize((int) all);
  }

  @Test
  void retriesThatComeAtOnceBeginOneGeneration() throws InterruptedException {
    NewWorkflow made = failed();
    List<Callable<Retried>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      NewGeneration next = again(made, retry(RetryRequest.Mode.FAILED), null);
      calls.add(() -> stores.workflows().retry(next));
    }

    List<Retried> retried = atOnce(calls);

    assertThat(retried.stream().filter(Retried.Stored.class::isInstance)).hasSize(1);
    assertThat(retried.stream().filter(Retried.Outdated.class::isInstance)).hasSize(3);
    assertThat(view(made).generation()).isEqualTo(2);
    assertThat(allJobs()).hasSize(6);
  }

  @Test
  void aWorkflowThatHasNotEndedIsNotRetried() {
    NewWorkflow made = failed();
    NewGeneration next = again(made, retry(RetryRequest.Mode.FAILED), null);
    stores.workflows().retry(again(made, retry(RetryRequest.Mode.ALL), null));

    assertThat(stores.workflows().retry(next)).isEqualTo(new Retried.Outdated());
    assertThat(view(made).generation()).isEqualTo(2);
  }

  @Test
  void aKeyRetriesAWorkflowOnce() {
    NewWorkflow made = failed();
    IdempotencyKey key = Jobs.aKey("k", 1);
    assertThat(stores.workflows().retried(made.id(), key)).isEmpty();
    stores.workflows().retry(again(made, retry(RetryRequest.Mode.FAILED), key));

    assertThat(stores.workflows().retried(made.id(), key))
        .contains(new Retried.Replayed(view(made)));
    assertThat(stores.workflows().retried(made.id(), Jobs.aKey("k", 2)))
        .contains(new Retried.KeyReused());
    assertThat(stores.workflows().retried(failed().id(), key)).isEmpty();
  }

  @Test
  void aRetryThatDoesNotFitIntoAQueueIsNotStoredAtAll() {
    NewWorkflow made = failed();
    WorkflowView before = view(made);
    NewGeneration next = again(made, retry(RetryRequest.Mode.ALL), null);
    List<NewGeneration.Node> limited =
        next.again().stream()
            .map(
                node ->
                    new NewGeneration.Node(
                        node.index(),
                        new Submission(
                            node.job(),
                            null,
                            node.submission().keyExpires(),
                            new MaxWaiting(2, null)),
                        node.needs(),
                        node.waitsFor()))
            .toList();

    assertThat(
            stores
                .workflows()
                .retry(
                    new NewGeneration(
                        next.id(),
                        next.after(),
                        limited,
                        List.of(),
                        next.progress(),
                        null,
                        next.now(),
                        null)))
        .isInstanceOf(Retried.Full.class);

    assertThat(view(made)).isEqualTo(before);
    assertThat(stores.workflows().find(made.id(), 2)).isEmpty();
    assertThat(allJobs()).hasSize(4);
  }

  @Test
  void whatEndedLongAgoIsDeleted() {
    NewWorkflow old = submitted(node("a"));
    NewWorkflow running = submitted(node("a"));
    done(old, 0);

    assertThat(stores.workflows().prune(found(id(old, 0)).updatedAt(), 10)).isZero();
    assertThat(stores.workflows().prune(tick().plusSeconds(1), 10)).isOne();

    assertThat(stores.workflows().find(old.id())).isEmpty();
    assertThat(stores.workflows().nodes(old.id(), 0, 10)).isEmpty();
    assertThat(stores.workflows().find(running.id())).isPresent();
  }

  @Test
  void whateverHappensEachNodeEndsAsTheReferenceSays() {
    for (int seed = 0; seed < seeds(); seed++) {
      try {
        RandomWorkflow.run(stores, seed, 200);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static WorkflowSpec spec(NodeSpec... nodes) {
    return new WorkflowSpec("test", OnFailure.FINISH_BRANCHES, List.of(nodes));
  }

  private NewWorkflow submitted(NodeSpec... nodes) {
    NewWorkflow made = NewWorkflows.of(jobs, nodes);
    assertThat(stores.workflows().submit(made)).isInstanceOf(Submitted.Stored.class);
    return made;
  }

  private SaveResult done(NewWorkflow made, int node) {
    return stores.jobs().save(List.of(found(id(made, node)).succeed("1", null, tick()).by(WORKER)));
  }

  private Transition ended(Job job, JobState end) {
    return switch (end) {
      case FAILED -> job.fail(new Failure("no", true), 0.5, tick());
      case CANCELLED -> job.cancel(tick());
      case EXPIRED -> job.expire(tick());
      default -> throw new IllegalArgumentException(end.toString());
    };
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
