package io.quikqueue.sql;

import static io.quikqueue.contracts.NewWorkflows.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.ConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process dies after the transaction that ends a node, when more depends on it than one
 * transaction tells: the others go on where it stopped.
 */
class UnfinishedWorkflowsTest {

  private final Jobs jobs = new Jobs();
  private final AtomicInteger connections = new AtomicInteger(Integer.MAX_VALUE);

  @ParameterizedTest
  @EnumSource
  void whatIsLeftOfTheReleaseOfThousandsIsDoneByOthers(TestDatabase database) {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made = stored(stores, OnFailure.FINISH_BRANCHES);
      Job root = made.jobs().getFirst().job();

      SaveResult saved = dying(config, root.succeed("1", null, jobs.now()));

      assertThat(saved.applied()).hasSize(1);
      assertThat(saved.ready()).hasSize(WorkflowRows.MOST);
      assertThat(progress(stores, made)).isEqualTo(WorkflowState.RUNNING);
      List<Job> rest = stores.workflows().proceed(10);
      assertThat(rest).hasSize(1_000 - WorkflowRows.MOST).doesNotHaveDuplicates();
      assertThat(rest).doesNotContainAnyElementsOf(saved.ready());
      assertThat(stores.workflows().proceed(10)).isEmpty();
      assertThat(stores.workflows().find(made.id()).orElseThrow().progress().active())
          .isEqualTo(1_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftOfTheCancelOfTheRestIsDoneByOthers(TestDatabase database) {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made = stored(stores, OnFailure.CANCEL_REST);
      Job root = made.jobs().getFirst().job();

      SaveResult saved = dying(config, root.fail(new Failure("no", true), 0.5, jobs.now()));

      assertThat(saved.ready()).isEmpty();
      assertThat(progress(stores, made)).isEqualTo(WorkflowState.FAILING);
      assertThat(stores.workflows().proceed(10)).isEmpty();
      assertThat(progress(stores, made)).isEqualTo(WorkflowState.FAILED);
      assertThat(stores.jobs().find(List.of(made.jobs().getLast().job().id())).values())
          .extracting(Job::state)
          .containsExactly(JobState.CANCELLED);
    }
  }

  private SaveResult dying(DatabaseConfig config, Transition end) {
    ConnectionFactory factory =
        () -> {
          if (connections.decrementAndGet() < 0) {
            throw new SQLException("the process is dead", "XX000");
          }
          return TestDatabase.connectWriting(config);
        };
    Database database =
        new Database(config, new Connections(factory, factory, factory, () -> {}, List.of()));
    connections.set(1);
    return new SqlJobStore(database, true, new CallbackJobs()).save(List.of(end.by("worker-1")));
  }

  private NewWorkflow stored(SqlStores stores, OnFailure onFailure) {
    List<NodeSpec> nodes =
        IntStream.rangeClosed(0, 1_000)
            .mapToObj(i -> i == 0 ? node("root") : node("n" + i, "root"))
            .toList();
    NewWorkflow made = NewWorkflows.of(jobs, new WorkflowSpec("w", onFailure, nodes));
    stores.workflows().submit(made);
    return made;
  }

  private static WorkflowState progress(SqlStores stores, NewWorkflow made) {
    return stores.workflows().find(made.id()).orElseThrow().progress().state();
  }
}
