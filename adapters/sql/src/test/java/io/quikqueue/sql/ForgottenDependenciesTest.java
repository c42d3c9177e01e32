package io.quikqueue.sql;

import static io.quikqueue.contracts.NewWorkflows.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes of a version that knows no dependencies end jobs beside those that do. */
class ForgottenDependenciesTest {

  private final Jobs jobs = new Jobs();

  @ParameterizedTest
  @EnumSource
  void theNextOfAnEndedJobIsReleased(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> line = line(stores, 3);
      end(config, line.get(0), JobState.DONE);
      assertThat(state(stores, line.get(1))).isEqualTo(JobState.WAITING);

      List<Job> released = stores.dependencies().releaseForgotten(100);

      assertThat(released).containsExactly(found(stores, line.get(1)));
      assertThat(state(stores, line.get(1))).isEqualTo(JobState.QUEUED);
      assertThat(state(stores, line.get(2))).isEqualTo(JobState.WAITING);
      assertThat(stores.outbox().pending(jobs.now().plusSeconds(60), 100))
          .containsExactlyElementsOf(released);
      assertThat(stores.dependencies().releaseForgotten(100)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLineThatAFailedJobHoldsIsNotForgotten(TestDatabase database) {
    try (SqlStores stores = TestDatabase.open(database.empty())) {
      List<Job> line = line(stores, 2, it -> it.orderingKey("k").onFailedHead(OnFailedHead.HOLD));
      save(stores, line.get(0).fail(new Failure("no", true), 0.5, jobs.now()));

      assertThat(stores.dependencies().releaseForgotten(100)).isEmpty();

      assertThat(state(stores, line.get(1))).isEqualTo(JobState.WAITING);
      assertThat(stores.dependencies().needs(line.get(1).id())).contains(line.get(0).id());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWasCancelledInTheMiddleLeavesItsPlace(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> line = line(stores, 4);
      end(config, line.get(1), JobState.CANCELLED);
      delete(config, line.get(2));

      assertThat(stores.dependencies().releaseForgotten(100)).isEmpty();

      assertThat(stores.dependencies().needs(line.get(3).id())).contains(line.get(0).id());
      assertThat(save(stores, found(stores, line.get(0)).cancel(jobs.now()))).hasSize(1);
      assertThat(state(stores, line.get(3))).isEqualTo(JobState.QUEUED);
    }
  }

  /** Before anybody has looked for what was forgotten. */
  @ParameterizedTest
  @EnumSource
  void theEndOfTheFirstReleasesWhoComesBehindThoseThatAreGone(TestDatabase database)
      throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> line = line(stores, 4);
      end(config, line.get(1), JobState.EXPIRED);
      delete(config, line.get(2));

      List<Job> ready = save(stores, line.get(0).succeed("1", null, jobs.now()));

      assertThat(ready).containsExactly(found(stores, line.get(3)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLineWhoseLastHasEndedIsForgotten(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> line = line(stores, 2);
      end(config, line.get(0), JobState.DONE);
      end(config, line.get(1), JobState.DONE);

      stores.dependencies().releaseForgotten(100);

      assertThat(line(stores, 1).getFirst().state()).isEqualTo(JobState.QUEUED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRetryByHandOfSuchAJobReleasesTheNextFirst(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> line = line(stores, 2);
      end(config, line.get(0), JobState.FAILED);

      List<Job> ready = save(stores, found(stores, line.get(0)).retry(jobs.now()));

      assertThat(ready).containsExactly(found(stores, line.get(1)));
      assertThat(state(stores, line.get(0))).isEqualTo(JobState.WAITING);
      assertThat(stores.dependencies().needs(line.get(0).id())).contains(line.get(1).id());
    }
  }

  /** An operator took the change sets back, and brought them again. */
  @ParameterizedTest
  @EnumSource
  void whoWaitsWhenTheTablesAreMadeAnewStandsInLineByAge(TestDatabase database)
      throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> line = line(stores, 4);
      end(config, line.get(0), JobState.DONE);
      try (Connection connection = TestDatabase.connect(config);
          Statement statement = connection.createStatement()) {
        statement.execute("DELETE FROM dependencies");
        statement.execute("DELETE FROM ordering_lines");
      }

      List<Job> released = stores.dependencies().releaseForgotten(100);

      assertThat(released).containsExactly(found(stores, line.get(1)));
      assertThat(stores.dependencies().needs(line.get(2).id())).contains(line.get(1).id());
      assertThat(stores.dependencies().needs(line.get(3).id())).contains(line.get(2).id());
      assertThat(stores.dependencies().releaseForgotten(100)).isEmpty();
      assertThat(save(stores, released.getFirst().succeed("1", null, jobs.now())))
          .containsExactly(found(stores, line.get(2)));
    }
  }

  /** However few rows are looked at in a call, all are in the end. */
  @ParameterizedTest
  @EnumSource
  void theWholeTableIsWalked(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> heads = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        heads.add(line(stores, 3, "k" + i).getFirst());
      }
      for (Job head : heads) {
        end(config, head, JobState.DONE);
      }

      List<Job> released = new ArrayList<>();
      for (int call = 0; call < 10; call++) {
        released.addAll(stores.dependencies().releaseForgotten(2));
      }

      assertThat(released).hasSize(9);
    }
  }

  /** A look that passed over them would read the whole table when there are many. */
  @ParameterizedTest
  @EnumSource
  void theNeedsOfWorkflowsCountAsLookedAt(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      for (int i = 0; i < 4; i++) {
        stores.workflows().submit(NewWorkflows.of(jobs, node("a"), node("b", "a")));
      }
      List<Job> line = line(stores, 2);
      end(config, line.get(0), JobState.DONE);

      assertThat(stores.dependencies().releaseForgotten(2)).isEmpty();
      assertThat(stores.dependencies().releaseForgotten(2)).isEmpty();

      assertThat(stores.dependencies().releaseForgotten(2))
          .containsExactly(found(stores, line.get(1)));
    }
  }

  private List<Job> line(SqlStores stores, int size) {
    return line(stores, size, it -> it.orderingKey("k"));
  }

  private List<Job> line(SqlStores stores, int size, String key) {
    return line(stores, size, it -> it.orderingKey(key));
  }

  private List<Job> line(SqlStores stores, int size, Consumer<JobSpec.Builder> described) {
    List<Submission> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(new Submission(jobs.aJob().with(described).queued(), null));
    }
    return stores.jobs().submit(batch).stream()
        .map(answer -> ((SubmitResult.Accepted) answer).job())
        .toList();
  }

  private static List<Job> save(SqlStores stores, Transition change) {
    return stores.jobs().save(List.of(change)).ready();
  }

  private static JobState state(SqlStores stores, Job job) {
    return found(stores, job).state();
  }

  private static Job found(SqlStores stores, Job job) {
    JobId id = job.id();
    return Objects.requireNonNull(stores.jobs().find(List.of(id)).get(id));
  }

  private void end(DatabaseConfig config, Job job, JobState state) throws SQLException {
    Instant now = jobs.now();
    try (Connection connection = TestDatabase.connect(config);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE jobs SET state = ?, updated_at = ?, finished_at = ? WHERE id = ?")) {
      update.setInt(1, state.code());
      update.setLong(2, Micros.of(now));
      update.setLong(3, Micros.of(now));
      update.setBytes(4, job.id().bytes());
      assertThat(update.executeUpdate()).isOne();
    }
  }

  private static void delete(DatabaseConfig config, Job job) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        PreparedStatement delete = connection.prepareStatement("DELETE FROM jobs WHERE id = ?")) {
      delete.setBytes(1, job.id().bytes());
      assertThat(delete.executeUpdate()).isOne();
    }
  }
}
