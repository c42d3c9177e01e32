package io.quikqueue.contracts;

import static io.quikqueue.contracts.NewWorkflows.node;
import static io.quikqueue.contracts.NewWorkflows.waits;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.WorkflowSignals.Sent;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What nodes that wait for a time or a signal promise, whatever the store. */
public abstract class WaitNodesContract extends StoreContract {

  private static final String WORKER = "worker-1";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final NodeWait SIGNAL = NodeWait.ofSignal("go", HOUR, false);

  private int keys;

  @Test
  void aNodeThatWaitsForATimeIsDueThatLongAfterItsNeedsHaveEnded() {
    NewWorkflow made = submitted(node("a"), waits("w", NodeWait.ofTime(HOUR), "a"), node("b", "w"));

    assertThat(done(made, 0).ready()).isEmpty();

    Job waiting = found(id(made, 1));
    assertThat(waiting.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(due(waiting)).isEqualTo(found(id(made, 0)).updatedAt().plus(HOUR));
    assertThat(stores.timers().due(due(waiting), 10)).contains(waiting);
    assertThat(pending()).doesNotContain(waiting.id());

    SaveResult woken = stores.jobs().save(List.of(waiting.wake(due(waiting))));

    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.DONE);
    assertThat(woken.ready()).extracting(Job::id).containsExactly(id(made, 2));
    assertThat(stores.timers().due(due(waiting), 10)).isEmpty();
  }

  @Test
  void aNodeThatNeedsNothingWaitsFromTheSubmitOn() {
    NewWorkflow made = submitted(waits("w", NodeWait.ofTime(HOUR)), waits("s", SIGNAL));

    for (int i = 0; i < 2; i++) {
      Job waiting = found(id(made, i));
      assertThat(waiting).isEqualTo(made.jobs().get(i).job());
      assertThat(waiting.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(due(waiting)).isEqualTo(waiting.createdAt().plus(HOUR));
    }
    assertThat(view(made).progress().active()).isEqualTo(2);
  }

  @Test
  void aSignalEndsTheNodeThatWaitsForItAndItsPayloadIsTheResult() {
    NewWorkflow made = submitted(node("a"), waits("w", SIGNAL, "a"), node("b", "w"));
    done(made, 0);

    Sent.Accepted sent = (Sent.Accepted) send(made, "go", "{\"by\":\"ann\"}");

    assertThat(sent.taken()).isTrue();
    assertThat(sent.ready()).extracting(Job::id).containsExactly(id(made, 2));
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.DONE);
    assertThat(found(id(made, 1)).result()).isEqualTo("{\"by\":\"ann\"}");
    assertThat(stores.workflows().results(made.id(), List.of("w"), 100))
        .isEqualTo(new NodeResults(Map.of("w", "{\"by\":\"ann\"}"), Map.of()));
    assertThat(pending()).contains(id(made, 2));
  }

  @Test
  void aSignalThatComesEarlyIsKept() {
    NewWorkflow made =
        submitted(node("a"), waits("w", SIGNAL, "a"), node("b", "w"), waits("v", SIGNAL, "b"));

    Sent.Accepted early = (Sent.Accepted) send(made, "go", "1");
    SaveResult saved = done(made, 0);

    assertThat(early.taken()).isFalse();
    assertThat(early.ready()).isEmpty();
    assertThat(found(id(made, 1)).result()).isEqualTo("1");
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.DONE);
    assertThat(saved.ready()).extracting(Job::id).containsExactly(id(made, 2));
    done(made, 2);
    assertThat(found(id(made, 3)).state()).as("taken once").isEqualTo(JobState.SCHEDULED);
  }

  @Test
  void eachSignalEndsOneNode() {
    NewWorkflow made = submitted(waits("v", SIGNAL), waits("w", SIGNAL));

    send(made, "go", "1");
    assertThat(view(made).progress().done()).isOne();
    send(made, "go", "2");

    assertThat(found(id(made, 0)).result()).isEqualTo("1");
    assertThat(found(id(made, 1)).result()).isEqualTo("2");
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.DONE);
    assertThat(send(made, "go", "3")).isEqualTo(new Sent.Over(WorkflowState.DONE));
  }

  @Test
  void theSameSignalUnderAKeyIsOneSignal() {
    NewWorkflow made = submitted(waits("v", SIGNAL), waits("w", SIGNAL));
    Signal signal = signal(made.id(), "go", "=k", Jobs.aKey("k", 1).fingerprint(), "1");

    assertThat(stores.workflowSignals().send(made.id(), signal))
        .isEqualTo(new Sent.Accepted(true, List.of()));
    assertThat(stores.workflowSignals().send(made.id(), signal)).isEqualTo(new Sent.Repeated());
    assertThat(
            stores
                .workflowSignals()
                .send(
                    made.id(), signal(made.id(), "go", "=k", Jobs.aKey("k", 2).fingerprint(), "2")))
        .isEqualTo(new Sent.KeyReused());
    assertThat(view(made).progress().done()).isOne();
  }

  @Test
  void withoutTheSignalInTimeTheNodeFails() {
    NewWorkflow made = submitted(waits("w", SIGNAL), node("b", "w"));
    Job waiting = found(id(made, 0));

    saved(waiting.wake(due(waiting)));

    assertThat(found(id(made, 0)).state()).isEqualTo(JobState.FAILED);
    assertThat(found(id(made, 0)).error()).isEqualTo("the signal go did not come in time");
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.SKIPPED);
    assertThat(view(made).progress().state()).isEqualTo(WorkflowState.FAILED);
  }

  @Test
  void withoutTheSignalInTimeTheNodeGoesOnWhereThatIsAskedFor() {
    NewWorkflow made = submitted(waits("w", NodeWait.ofSignal("go", HOUR, true)), node("b", "w"));
    Job waiting = found(id(made, 0));

    SaveResult saved = stores.jobs().save(List.of(waiting.wake(due(waiting))));

    assertThat(found(id(made, 0)).state()).isEqualTo(JobState.DONE);
    assertThat(found(id(made, 0)).result()).isEqualTo("null");
    assertThat(saved.ready()).extracting(Job::id).containsExactly(id(made, 1));
    assertThat(((Sent.Accepted) send(made, "go", "1")).taken()).isFalse();
  }

  @Test
  void aNodeThatWaitsIsCancelledWithItsWorkflow() {
    NewWorkflow made = submitted(waits("w", SIGNAL), waits("t", NodeWait.ofTime(HOUR)));

    stores.workflows().cancel(made.id(), tick());

    assertThat(found(id(made, 0)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(stores.timers().due(tick().plus(HOUR), 10)).isEmpty();
    assertThat(send(made, "go", "1")).isEqualTo(new Sent.Over(WorkflowState.CANCELLED));
  }

  @Test
  void aNodeThatIsSkippedTakesNoSignal() {
    NewWorkflow made =
        submitted(
            node("a"), waits("w", SIGNAL, "a"), node("b", RunIf.ALL_FINISHED, false, "a", "w"));
    send(made, "go", "1");

    saved(found(id(made, 0)).cancel(tick()));

    assertThat(found(id(made, 1)).state()).isEqualTo(JobState.SKIPPED);
    assertThat(found(id(made, 2)).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aSignalThatEndsTheLastNeedOfThousandsReleasesThemAll() {
    NodeSpec[] many = new NodeSpec[601];
    many[0] = waits("w", SIGNAL);
    for (int i = 1; i < many.length; i++) {
      many[i] = node("n" + i, "w");
    }
    NewWorkflow made = submitted(many);

    Sent.Accepted sent = (Sent.Accepted) send(made, "go", "1");

    assertThat(sent.ready()).hasSize(600).doesNotHaveDuplicates();
    assertThat(stores.workflows().proceed(10)).isEmpty();
  }

  /** The transaction that lets the node wait meets the signal, or the signal meets the node. */
  @Test
  void aSignalIsNotLostHoweverItMeetsTheMomentInWhichTheNodeBeginsToWait()
      throws InterruptedException {
    for (int round = 0; round < rounds(); round++) {
      NewWorkflow made = submitted(node("a"), waits("w", SIGNAL, "a"), node("b", "w"));
      Job first = found(id(made, 0));
      Signal signal = signal(made.id(), "go", "-" + round, null, "1");
      Instant end = tick();
      List<Callable<List<Job>>> both =
          List.of(
              () -> stores.jobs().save(List.of(first.succeed("1", null, end).by(WORKER))).ready(),
              () -> ((Sent.Accepted) stores.workflowSignals().send(made.id(), signal)).ready());

      List<Job> ready = new ArrayList<>();
      atOnce(both).forEach(ready::addAll);

      assertThat(ready).extracting(Job::id).containsExactly(id(made, 2));
      assertThat(found(id(made, 1)).result()).isEqualTo("1");
    }
  }

  /** How often both happen at once. */
  protected int rounds() {
    return 50;
  }

  @Test
  void aSignalAndTheTimeoutAtOnceEndTheNodeOnce() throws InterruptedException {
    for (int round = 0; round < rounds(); round++) {
      NewWorkflow made = submitted(waits("w", SIGNAL), node("b", RunIf.ALL_FINISHED, false, "w"));
      Job waiting = found(id(made, 0));
      Signal signal = signal(made.id(), "go", "-" + round, null, "1");
      Instant end = tick();
      List<Callable<List<Job>>> both =
          List.of(
              () -> stores.jobs().save(List.of(waiting.wake(end))).ready(),
              () -> ((Sent.Accepted) stores.workflowSignals().send(made.id(), signal)).ready());

      List<Job> ready = new ArrayList<>();
      atOnce(both).forEach(ready::addAll);

      assertThat(ready).extracting(Job::id).containsExactly(id(made, 1));
      assertThat(view(made).progress().active()).isOne();
    }
  }

  @Test
  void aWorkflowTakesABoundedNumberOfSignalsAndBytes() {
    NewWorkflow many = submitted(node("a"));
    IntStream.range(0, JobSignals.MOST).forEach(_ -> send(many, "go", "1"));
    assertThat(send(many, "go", "1"))
        .isEqualTo(new Sent.Full("the workflow has had 1000 signals already"));

    NewWorkflow large = submitted(node("a"));
    String payload = '"' + "x".repeat(JobSignals.LARGEST - 2) + '"';
    for (int i = 0; i < JobSignals.MOST_BYTES / JobSignals.LARGEST; i++) {
      assertThat(send(large, "go", payload)).isInstanceOf(Sent.Accepted.class);
    }
    assertThat(send(large, "go", "1")).isInstanceOf(Sent.Full.class);
  }

  @Test
  void aNodeThatWaitsDoesSoAgainAfterARetryWhichForgetsTheSignalsBefore() {
    NewWorkflow made = submitted(waits("w", SIGNAL), node("b", "w"), waits("v", SIGNAL, "b"));
    Job waiting = found(id(made, 0));
    saved(waiting.wake(due(waiting)));
    for (int round = 0; round < 2; round++) {
      RetryRequest all = new RetryRequest(RetryRequest.Mode.ALL, List.of(), Map.of());
      NewGeneration next =
          NewWorkflows.again(
              jobs,
              made.graph().spec(),
              view(made),
              stores.workflows().nodes(made.id(), 0, 10),
              all,
              null);
      assertThat(stores.workflows().retry(next)).isInstanceOf(Workflows.Retried.Stored.class);
      List<JobId> again = next.again().stream().map(node -> node.job().id()).toList();

      assertThat(found(again.getFirst()).state()).isEqualTo(JobState.SCHEDULED);
      Sent.Accepted sent = (Sent.Accepted) send(made, "go", "1");
      assertThat(sent.ready()).extracting(Job::id).containsExactly(again.get(1));
      assertThat(((Sent.Accepted) send(made, "go", "2")).taken()).isFalse();
      stores.workflows().cancel(made.id(), tick());
    }
  }

  @Test
  void anUnknownWorkflowTakesNoSignal() {
    WorkflowId unknown = new WorkflowId(jobs.anId());

    assertThat(stores.workflowSignals().send(unknown, signal(unknown, "go", "-1", null, "1")))
        .isEqualTo(new Sent.UnknownWorkflow());
  }

  private List<JobId> pending() {
    Outbox outbox = stores.outbox();
    return outbox == null
        ? allJobs().stream().filter(id -> found(id).state() == JobState.QUEUED).toList()
        : outbox.pending(jobs.now().plusSeconds(60), 100).stream().map(Job::id).toList();
  }

  private static Instant due(Job waiting) {
    return Objects.requireNonNull(waiting.dueAt());
  }

  private Sent send(NewWorkflow made, String name, String payload) {
    return stores
        .workflowSignals()
        .send(made.id(), signal(made.id(), name, "-" + ++keys, null, payload));
  }

  private Signal signal(
      WorkflowId workflow, String name, String key, @Nullable String fingerprint, String payload) {
    return new Signal(workflow.value(), name, key, fingerprint, payload, tick());
  }

  private NewWorkflow submitted(NodeSpec... nodes) {
    NewWorkflow made = NewWorkflows.of(jobs, nodes);
    stores.workflows().submit(made);
    return made;
  }

  private SaveResult done(NewWorkflow made, int node) {
    return stores.jobs().save(List.of(found(id(made, node)).succeed("1", null, tick()).by(WORKER)));
  }

  private WorkflowView view(NewWorkflow made) {
    return stores.workflows().find(made.id()).orElseThrow();
  }

  private static JobId id(NewWorkflow made, int node) {
    return made.jobs().get(node).job().id();
  }
}
