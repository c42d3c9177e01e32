package io.quikqueue.sql;

import static io.quikqueue.contracts.NewWorkflows.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
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

  /** The last node ends by itself before somebody cancels it. */
  @ParameterizedTest
  @EnumSource
  void whatIsLeftOfAWorkflowThatHasEndedIsForgotten(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made = stored(stores, OnFailure.CANCEL_REST, node("a"), node("b"));
      dying(config, job(made, 0).fail(new Failure("no", true), 0.5, jobs.now()));
      save(stores, job(made, 1).succeed("1", null, jobs.now()));
      assertThat(progress(stores, made)).isEqualTo(WorkflowState.FAILED);
      assertThat(count(config, "workflow_untold")).isOne();

      assertThat(stores.workflows().proceed(10)).isEmpty();

      assertThat(count(config, "workflow_untold")).isZero();
    }
  }

  /** Else it would be DONE without them, and a retry would keep it. */
  @ParameterizedTest
  @EnumSource
  void aNodeThatAddsOthersToAWorkflowThatIsBeingCancelledIsCancelledWithTheRest(
      TestDatabase database) {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made =
          stored(stores, OnFailure.CANCEL_REST, node("a"), node("b"), node("c"), node("d"));
      Job plain = jobs.aQueuedJob();
      stores.jobs().submit(List.of(new Submission(plain, null)));
      dying(config, job(made, 0).fail(new Failure("no", true), 0.5, jobs.now()));
      Transition adds = job(made, 1).succeed("1", null, jobs.now()).spawning(List.of(spawned()));
      Transition ends = job(made, 2).succeed("1", null, jobs.now());
      Transition other = plain.succeed("1", null, jobs.now());

      SaveResult saved = stores.jobs().save(List.of(adds, ends, other));

      assertThat(saved.applied()).containsExactlyInAnyOrder(ends.attempt(), other.attempt());
      assertThat(stores.jobs().save(List.of(adds)).applied()).isEmpty();
      assertThat(progress(stores, made)).isEqualTo(WorkflowState.FAILING);
      assertThat(stores.workflows().proceed(10)).isEmpty();
      assertThat(progress(stores, made)).isEqualTo(WorkflowState.FAILED);
      assertThat(stores.workflows().nodes(made.id(), 0, 10))
          .extracting(NodeView::ended)
          .containsExactly(JobState.FAILED, JobState.CANCELLED, JobState.DONE, JobState.CANCELLED);
      assertThat(stores.jobs().find(List.of(job(made, 1).id())).values())
          .extracting(Job::state)
          .containsExactly(JobState.CANCELLED);
    }
  }

  private SpawnedNode spawned() {
    return new SpawnedNode("0", false, jobs.aQueuedJob());
  }

  @ParameterizedTest
  @EnumSource
  void aNodeThatIsCancelledWhileItWaitsLeavesNoNeeds(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made = stored(stores, OnFailure.FINISH_BRANCHES, node("a"), node("b", "a"));

      save(stores, job(made, 1).cancel(jobs.now()));
      assertThat(count(config, "dependencies")).isZero();
      save(stores, job(made, 0).succeed("1", null, jobs.now()));

      assertThat(progress(stores, made)).isEqualTo(WorkflowState.FAILED);
    }
  }

  /** As processes of a version without workflows leave them. */
  @ParameterizedTest
  @EnumSource
  void needsThatAreLeftGoWithTheirWorkflow(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made = stored(stores, OnFailure.FINISH_BRANCHES, node("a"), node("b", "a"));
      NewWorkflow other = stored(stores, OnFailure.FINISH_BRANCHES, node("a"), node("b", "a"));
      execute(config, "UPDATE workflows SET finished_at = 1 WHERE id = " + hex(made.id().value()));

      assertThat(stores.workflows().prune(jobs.now(), 10)).isOne();

      assertThat(count(config, "dependencies")).isOne();
      assertThat(count(config, "dependencies WHERE job_id = " + hex(job(other, 1).id()))).isOne();
    }
  }

  /** No transaction deletes all of a large one. */
  @ParameterizedTest
  @EnumSource
  void whatIsLeftOfTheDeletionOfALargeOneIsDeletedByTheNext(TestDatabase database)
      throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NodeSpec[] nodes =
          IntStream.range(0, 2_500).mapToObj(i -> node("n" + i)).toArray(NodeSpec[]::new);
      NewWorkflow made = stored(stores, OnFailure.FINISH_BRANCHES, nodes);
      NewWorkflow other = stored(stores, OnFailure.FINISH_BRANCHES, node("a"));
      execute(config, "UPDATE workflows SET finished_at = 1 WHERE id = " + hex(made.id().value()));

      assertThatThrownBy(() -> workflows(config, 2).prune(jobs.now(), 10))
          .isInstanceOf(UnavailableException.class);
      assertThat(stores.workflows().find(made.id())).isPresent();
      assertThat(count(config, "workflow_nodes")).isEqualTo(1_501);

      assertThat(stores.workflows().prune(jobs.now(), 10)).isOne();
      assertThat(stores.workflows().find(made.id())).isEmpty();
      assertThat(stores.workflows().find(other.id())).isPresent();
      assertThat(count(config, "workflow_nodes")).isOne();
    }
  }

  /** Its job is gone, or a version without workflows has ended it. */
  @ParameterizedTest
  @EnumSource
  void whatIsCancelledIsTakenFromWhereItWasCounted(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      NewWorkflow made =
          stored(stores, OnFailure.FINISH_BRANCHES, node("a"), node("b", "a"), node("c", "b"));
      save(stores, job(made, 0).succeed("1", null, jobs.now()));
      execute(config, "DELETE FROM jobs WHERE state <> " + JobState.DONE.code());

      WorkflowProgress after =
          stores.workflows().cancel(made.id(), jobs.now()).orElseThrow().progress();

      assertThat(after.state()).isEqualTo(WorkflowState.CANCELLED);
      assertThat(after.cancelled()).isEqualTo(2);
      assertThat(after.waiting()).isZero();
      assertThat(after.active()).isZero();
    }
  }

  private static Job job(NewWorkflow made, int node) {
    return made.jobs().get(node).job();
  }

  private static void save(SqlStores stores, Transition end) {
    assertThat(stores.jobs().save(List.of(end.by("worker-2"))).applied()).hasSize(1);
  }

  private static String hex(JobId id) {
    return "X'%s'".formatted(HexFormat.of().formatHex(id.bytes()));
  }

  private static int count(DatabaseConfig config, String rows) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + rows)) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  private static void execute(DatabaseConfig config, String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private SaveResult dying(DatabaseConfig config, Transition end) {
    return new SqlJobStore(dying(config, 1), true, new CallbackJobs())
        .save(List.of(end.by("worker-1")));
  }

  private SqlWorkflows workflows(DatabaseConfig config, int until) {
    Database database = dying(config, until);
    CallbackJobs callbacks = new CallbackJobs();
    return new SqlWorkflows(database, true, callbacks, new SqlJobStore(database, true, callbacks));
  }

  /** Of a process that dies after so many connections. */
  private Database dying(DatabaseConfig config, int until) {
    ConnectionFactory factory =
        () -> {
          if (connections.decrementAndGet() < 0) {
            throw new SQLException("the process is dead", "XX000");
          }
          return TestDatabase.connectWriting(config);
        };
    connections.set(until);
    return new Database(config, new Connections(factory, factory, factory, () -> {}, List.of()));
  }

  private NewWorkflow stored(SqlStores stores, OnFailure onFailure) {
    List<NodeSpec> nodes =
        IntStream.rangeClosed(0, 1_000)
            .mapToObj(i -> i == 0 ? node("root") : node("n" + i, "root"))
            .toList();
    return stored(stores, onFailure, nodes.toArray(NodeSpec[]::new));
  }

  private NewWorkflow stored(SqlStores stores, OnFailure onFailure, NodeSpec... nodes) {
    NewWorkflow made = NewWorkflows.of(jobs, new WorkflowSpec("w", onFailure, List.of(nodes)));
    stores.workflows().submit(made);
    return made;
  }

  private static WorkflowState progress(SqlStores stores, NewWorkflow made) {
    return stores.workflows().find(made.id()).orElseThrow().progress().state();
  }
}
