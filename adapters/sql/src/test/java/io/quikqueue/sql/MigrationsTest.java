package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every change set can be taken back, and run again. */
class MigrationsTest {

  @ParameterizedTest
  @EnumSource
  void everythingCanBeRolledBackAndMigratedAgain(TestDatabase database) throws Exception {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    assertThat(tables(config)).containsAll(TestDatabase.TABLES);
    useIt(config);

    try (Connection connection = TestDatabase.connect(config);
        Liquibase liquibase = liquibase(connection)) {
      liquibase.rollback(100, new Contexts(), new LabelExpression());
    }
    assertThat(tables(config)).doesNotContainAnyElementsOf(TestDatabase.TABLES);

    Migrations.migrate(config);
    assertThat(tables(config)).containsAll(TestDatabase.TABLES);
    useIt(config);
  }

  @ParameterizedTest
  @EnumSource
  void migratingAgainChangesNothing(TestDatabase database) {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    useIt(config);

    Migrations.migrate(config);

    try (SqlStores stores = TestDatabase.open(config)) {
      assertThat(stores.queues().all()).hasSize(1);
    }
  }

  /** As after a build that was never released. */
  @Test
  void aChangeSetThatIsAnotherIsNamed() throws Exception {
    DatabaseConfig config = TestDatabase.SQLITE.unmigrated();
    Migrations.migrate(config);
    try (Connection connection = TestDatabase.connect(config);
        Liquibase liquibase = liquibase(connection)) {
      liquibase.rollback(1, new Contexts(), new LabelExpression());
    }
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE DATABASECHANGELOG SET MD5SUM = '9:0' WHERE ID = 'jobs'");
    }

    assertThatThrownBy(() -> Migrations.migrate(config))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "store is unavailable: its change set jobs is not the one that this version has");
  }

  /** The lock of a killed process would be waited for, for minutes, and nothing said. */
  @Test
  @Timeout(240)
  void aFileWhoseMigrationWasKilledIsMigratedAtOnce() throws Exception {
    DatabaseConfig config = TestDatabase.SQLITE.unmigrated();
    Migrations.migrate(config);
    try (Connection connection = TestDatabase.connect(config);
        Liquibase liquibase = liquibase(connection)) {
      liquibase.rollback(1, new Contexts(), new LabelExpression());
    }
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'killed', LOCKGRANTED ="
                      + " 1"))
          .isEqualTo(1);
    }

    Migrations.migrate(config);

    assertThat(tables(config)).containsAll(TestDatabase.TABLES);
    useIt(config);
  }

  /** A process that is killed in between leaves a change set, and the record of it, or neither. */
  @Test
  void aFileIsMigratedInOneTransaction() throws Exception {
    DatabaseConfig config = TestDatabase.SQLITE.unmigrated();
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE job_signals (in_the_way INTEGER)"); // of one of the last
    }

    assertThatThrownBy(() -> Migrations.migrate(config)).isInstanceOf(UnavailableException.class);

    assertThat(tables(config)).doesNotContain("jobs", "attempts");
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE job_signals");
    }
    Migrations.migrate(config);
    assertThat(tables(config)).containsAll(TestDatabase.TABLES);
    useIt(config);
  }

  /** Until then only the number of the attempt told that a deadline had been lifted. */
  @ParameterizedTest
  @EnumSource
  void aDeadlineLiftedBeforeTheColumnWasThereStaysSo(TestDatabase database) throws Exception {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    Jobs jobs = new Jobs();
    Job queued = jobs.aJob().deadline(jobs.now().plusSeconds(1)).queued();
    Transition expired = queued.expire(jobs.now());
    Transition retried = expired.after().retry(jobs.now());
    Job revived = retried.after();
    Job other = jobs.aJob().deadline(jobs.now().plusSeconds(1)).queued();
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(queued, null), new Submission(other, null)));
      stores.jobs().save(List.of(expired));
      stores.jobs().save(List.of(retried));
    }

    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE jobs DROP COLUMN deadline_lifted");
      statement.execute("DELETE FROM DATABASECHANGELOG WHERE ID = 'jobs_deadline_lifted'");
    }
    Migrations.migrate(config);

    try (SqlStores stores = TestDatabase.open(config)) {
      assertThat(stores.jobs().find(List.of(revived.id(), other.id())).values())
          .containsExactlyInAnyOrder(revived, other);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTableOfJobsHasTheColumnsThatAreWrittenAndRead(TestDatabase database) throws Exception {
    try (Connection connection = TestDatabase.connect(database.empty())) {
      assertThat(columns(connection, "jobs"))
          .containsExactlyInAnyOrderElementsOf(JobColumns.names());
    }
  }

  private static List<String> columns(Connection connection, String table) throws SQLException {
    try (ResultSet rows =
        connection.getMetaData().getColumns(connection.getCatalog(), null, table, null)) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString("COLUMN_NAME"));
      }
      return names;
    }
  }

  @ParameterizedTest
  @EnumSource
  void jobsFromBeforeThereWereGroupsAreKept(TestDatabase database) throws Exception {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    Jobs jobs = new Jobs();
    Job before = jobs.aJob().label("a", "b").queued();
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(before, null)));
    }

    try (Connection connection = TestDatabase.connect(config);
        Liquibase liquibase = liquibase(connection)) {
      liquibase.rollback(
          changesSince("jobs_group", connection), new Contexts(), new LabelExpression());
      assertThat(columns(connection, "jobs"))
          .doesNotContain("job_group", "ordering_key", "cost", "owner");
    }
    Migrations.migrate(config);

    Job after = jobs.aJob().with(it -> it.group("g").orderingKey("k").cost(2).owner("o")).queued();
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(after, null)));
      assertThat(stores.jobs().find(List.of(before.id(), after.id())).values())
          .containsExactlyInAnyOrder(before, after);
    }
  }

  /** Those that were there before, and those that a process of the version before still writes. */
  @ParameterizedTest
  @EnumSource
  void keysWithoutALifeOfTheirOwnGoWithTheirJobs(TestDatabase database) throws Exception {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    Jobs jobs = new Jobs();
    Job before = jobs.aJob().at(jobs.now().minusSeconds(60)).queued();
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(before, Jobs.aKey("before", 1))));
    }

    try (Connection connection = TestDatabase.connect(config);
        Liquibase liquibase = liquibase(connection)) {
      liquibase.rollback(
          changesSince("idempotency_key_life", connection), new Contexts(), new LabelExpression());
    }
    Migrations.migrate(config);

    Instant day = before.createdAt().plus(IdempotencyKey.DEFAULT_LIFE);
    try (SqlStores stores = TestDatabase.open(config)) {
      JobStore store = stores.jobs();
      SubmitResult replayed = new SubmitResult.Replayed(before);
      assertThat(store.find(Jobs.aKey("before", 1), day.plusSeconds(1))).contains(replayed);
      assertThat(store.pruneKeys(day.plusSeconds(1), 10)).isZero();
      store.save(List.of(before.cancel(jobs.now())));
      store.deleteEnded(List.of(before.id()));
      assertThat(store.pruneKeys(jobs.now(), 10)).isOne();

      Job old = jobs.aQueuedJob();
      store.submit(List.of(new Submission(old, Jobs.aKey("old", 1))));
      execute(config, "UPDATE idempotency_keys SET expires_at = NULL");
      assertThat(store.find(Jobs.aKey("old", 1), day.plusSeconds(1000)))
          .contains(new SubmitResult.Replayed(old));
      assertThat(store.pruneKeys(day.plusSeconds(1000), 10)).isZero();
      store.save(List.of(old.cancel(jobs.now())));
      store.deleteEnded(List.of(old.id()));
      assertThat(store.find(Jobs.aKey("old", 1), jobs.now())).isEmpty();
      assertThat(store.pruneKeys(jobs.now(), 10)).isOne();
    }
  }

  /** It was in milliseconds, in columns of other names than those of limits. */
  @ParameterizedTest
  @EnumSource
  void theRateOfAKeyIsKept(TestDatabase database) throws Exception {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    ApiKey key =
        ApiKey.created(
            KeyText.of(new byte[KeyText.BYTES]),
            "shop",
            Role.SUBMITTER,
            Scope.ALL,
            new Quota(new Rate(7, Duration.ofMillis(1_500), 20), null),
            null,
            Instant.EPOCH,
            "me");
    try (SqlStores stores = TestDatabase.open(config)) {
      assertThat(stores.apiKeys().create(key)).isTrue();
    }

    try (Connection connection = TestDatabase.connect(config);
        Liquibase liquibase = liquibase(connection)) {
      liquibase.rollback(
          changesSince("api_keys_rate", connection), new Contexts(), new LabelExpression());
      assertThat(columns(connection, "api_keys")).contains("rate_n", "rate_ms");
    }
    Migrations.migrate(config);

    try (SqlStores stores = TestDatabase.open(config)) {
      assertThat(stores.apiKeys().find(key.id())).contains(key);
    }
  }

  private static void execute(DatabaseConfig config, String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many changes were made from this one on. */
  private static int changesSince(String id, Connection connection) throws SQLException {
    try (PreparedStatement count =
        connection.prepareStatement(
            """
            SELECT COUNT(*) FROM DATABASECHANGELOG WHERE ORDEREXECUTED >=
              (SELECT ORDEREXECUTED FROM DATABASECHANGELOG WHERE ID = ?)\
            """)) {
      count.setString(1, id);
      try (ResultSet rows = count.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private static Liquibase liquibase(Connection connection) throws Exception {
    return new Liquibase(
        Migrations.CHANGELOG,
        new ClassLoaderResourceAccessor(),
        DatabaseFactory.getInstance()
            .findCorrectDatabaseImplementation(new JdbcConnection(connection)));
  }

  private static void useIt(DatabaseConfig config) {
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.ping();
      stores.jobs().submit(List.of(new Submission(new Jobs().aQueuedJob(), null)));
    }
  }

  private static Set<String> tables(DatabaseConfig config) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        ResultSet rows =
            connection.getMetaData().getTables(connection.getCatalog(), null, "%", null)) {
      Set<String> names = new TreeSet<>();
      while (rows.next()) {
        names.add(rows.getString("TABLE_NAME"));
      }
      return names;
    }
  }
}
