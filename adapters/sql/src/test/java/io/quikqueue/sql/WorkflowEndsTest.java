package io.quikqueue.sql;

import static io.quikqueue.contracts.NewWorkflows.node;
import static io.quikqueue.contracts.NewWorkflows.waits;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each end of a workflow is told of once, whatever ended it. */
class WorkflowEndsTest {

  private final Jobs jobs = new Jobs();
  private final List<WorkflowView> told = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void theEndOfTheLastNodeIsTheEndOfTheWorkflow(TestDatabase database) {
    try (SqlStores stores = open(database)) {
      NewWorkflow made = stored(stores, node("a"), node("b"));
      stores.jobs().save(List.of(made.jobs().get(0).job().succeed("1", null, jobs.now())));
      assertThat(told).isEmpty();
      var last = List.of(made.jobs().get(1).job().fail(new Failure("no", true), 0, jobs.now()));

      stores.jobs().save(last);
      stores.jobs().save(last);

      assertThat(told).containsExactly(stores.workflows().find(made.id()).orElseThrow());
      assertThat(told.getFirst().progress().state()).isEqualTo(WorkflowState.FAILED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatSkipsThousandsEndsItOnce(TestDatabase database) {
    try (SqlStores stores = open(database)) {
      NewWorkflow made =
          stored(
              stores,
              IntStream.range(0, 600)
                  .mapToObj(i -> i == 0 ? node("root") : node("n" + i, "root"))
                  .toArray(NodeSpec[]::new));

      stores
          .jobs()
          .save(List.of(made.jobs().getFirst().job().fail(new Failure("no", true), 0, jobs.now())));

      assertThat(told).containsExactly(stores.workflows().find(made.id()).orElseThrow());
      assertThat(told.getFirst().progress().skipped()).isEqualTo(599);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelEndsItAndAnotherOneDoesNot(TestDatabase database) {
    try (SqlStores stores = open(database)) {
      NewWorkflow made = stored(stores, node("a"), node("b", "a"));

      WorkflowView cancelled = stores.workflows().cancel(made.id(), jobs.now()).orElseThrow();
      var _ = stores.workflows().cancel(made.id(), jobs.now());

      assertThat(told).containsExactly(cancelled);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignalMayEndIt(TestDatabase database) {
    try (SqlStores stores = open(database)) {
      NewWorkflow made =
          stored(stores, waits("a", NodeWait.ofSignal("go", Duration.ofHours(1), false)));

      stores
          .workflowSignals()
          .send(made.id(), new Signal(made.id().value(), "go", "-1", null, "1", jobs.now()));

      assertThat(told)
          .extracting(each -> each.progress().state())
          .containsExactly(WorkflowState.DONE);
    }
  }

  private NewWorkflow stored(SqlStores stores, NodeSpec... nodes) {
    NewWorkflow made = NewWorkflows.of(jobs, nodes);
    stores.workflows().submit(made);
    return made;
  }

  private SqlStores open(TestDatabase database) {
    return SqlStores.open(database.empty(), new MetricRegistry(), new CallbackJobs(), told::add);
  }
}
