package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store does when its database fails it. */
class FaultsTest {

  private final Jobs jobs = new Jobs();

  @Test
  void aRefusedUserIsNotNamed() {
    String url = TestDatabase.mariaDb("quikqueue").url();
    DatabaseConfig config = DatabaseConfig.of(url, "somebody", "s3cret");

    try (SqlStores stores = TestDatabase.open(config)) {
      assertThatThrownBy(stores::ping)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("refuses the user or the password")
          .hasMessageNotContainingAny("somebody", "s3cret");
    }
  }

  @Test
  void aStoppedDatabaseIsSaidToBeUnavailableAndServesAgainWhenItIsBack(@TempDir Path dir) {
    try (MariaDbServer server = MariaDbServer.start(ServerOptions.in(dir.resolve("mariadb")))) {
      DatabaseConfig config = TestDatabase.mariaDb(server, "quikqueue");
      Migrations.migrate(config);
      try (SqlStores stores = TestDatabase.open(config)) {
        Job job = jobs.aQueuedJob();
        stores.jobs().submit(List.of(new Submission(job, null)));
        Instant known = stores.clock().instant();
        server.stop();

        Instant begin = Instant.now();
        assertThatThrownBy(
                () -> stores.jobs().submit(List.of(new Submission(jobs.aQueuedJob(), null))))
            .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(stores::ping).isInstanceOf(UnavailableException.class);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofMinutes(3));
        assertThat(stores.clock().instant()).isAfter(known);

        server.start();
        await().ignoreExceptions().untilAsserted(stores::ping);
        assertThat(stores.jobs().find(List.of(job.id()))).containsValue(job);
        assertThat(stores.jobs().submit(List.of(new Submission(jobs.aQueuedJob(), null))))
            .hasSize(1);
      }
    }
  }

  @Test
  void opensWithoutADatabaseThatAnswers() {
    DatabaseConfig config = DatabaseConfig.of("jdbc:mysql://127.0.0.1:1/none", "u", "secret");

    try (SqlStores stores = TestDatabase.open(config)) {
      assertThatThrownBy(stores::ping)
          .isInstanceOf(UnavailableException.class)
          .hasMessageNotContaining("secret");
    }
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    DatabaseConfig config = TestDatabase.MARIADB.empty();
    try (SqlStores stores = TestDatabase.open(config);
        Connection other = TestDatabase.connect(config)) {
      List<Job> two = jobs.queuedJobs(2);
      stores.jobs().submit(two.stream().map(job -> new Submission(job, null)).toList());
      List<Transition> changes = two.stream().map(job -> job.start(jobs.now()).by("w")).toList();
      other.setAutoCommit(false);
      // Enough work done that the database chooses the store's transaction as the victim.
      try (Statement statement = other.createStatement()) {
        for (int i = 0; i < 200; i++) {
          statement.execute("INSERT INTO job_types (type) VALUES ('t" + i + "')");
        }
      }
      lock(other, two.get(1));

      CompletableFuture<Integer> saved =
          CompletableFuture.supplyAsync(() -> stores.jobs().save(changes).applied().size());
      await().until(() -> waiting(config) > 0);
      lock(other, two.get(0));
      other.rollback();

      assertThat(saved.get(180, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  @Test
  void whatAnotherHasLockedIsInNobodysWay() throws Exception {
    DatabaseConfig config = TestDatabase.MARIADB.empty();
    try (SqlStores stores = TestDatabase.open(config);
        Connection other = TestDatabase.connect(config)) {
      List<Job> all = jobs.queuedJobs(400);
      stores.jobs().submit(all.stream().map(job -> new Submission(job, null)).toList());
      other.setAutoCommit(false);
      lock(other, all.getFirst());
      try (Statement statement = other.createStatement()) {
        statement.execute(
            "INSERT INTO outbox (job_id, attempt, created_at) VALUES (REPEAT('0', 16), 1, 0)");
      }

      // Nearly all rows of the table: it would seem cheap to read it whole.
      List<Job> rest = all.subList(1, all.size());
      CompletableFuture<Integer> saved =
          CompletableFuture.supplyAsync(
              () -> {
                stores.outbox().delete(rest.stream().map(Job::attemptId).toList());
                return stores
                    .jobs()
                    .save(rest.stream().map(job -> job.start(jobs.now()).by("w")).toList())
                    .applied()
                    .size();
              });

      assertThat(saved.get(180, TimeUnit.SECONDS)).isEqualTo(399);
      other.rollback();
    }
  }

  private static void lock(Connection connection, Job job) throws Exception {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id FROM jobs WHERE id = ? FOR UPDATE")) {
      statement.setBytes(1, job.id().bytes());
      statement.executeQuery().close();
    }
  }

  private static int waiting(DatabaseConfig config) throws Exception {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT COUNT(*) FROM information_schema.processlist
                WHERE db = DATABASE() AND info LIKE 'UPDATE%jobs%' AND time_ms > 50\
                """)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void anSqliteFileCutOffInTheMiddleHasAllThatWasAccepted(@TempDir Path dir) throws Exception {
    DatabaseConfig config =
        DatabaseConfig.of("jdbc:sqlite:" + dir.resolve("data/quikqueue.db"), null, null);
    Migrations.migrate(config);
    try (SqlStores stores = TestDatabase.open(config)) {
      List<Job> all = jobs.queuedJobs(1000);
      stores.jobs().submit(all.stream().map(job -> new Submission(job, null)).toList());

      // What a killed process leaves: the file and its log, as they are now.
      Path copy = Files.createDirectory(dir.resolve("copy"));
      for (String suffix : List.of("", "-wal")) {
        Files.copy(
            dir.resolve("data/quikqueue.db" + suffix), copy.resolve("quikqueue.db" + suffix));
      }
      DatabaseConfig left =
          DatabaseConfig.of("jdbc:sqlite:" + copy.resolve("quikqueue.db"), null, null);
      Migrations.migrate(left);
      try (SqlStores reopened = TestDatabase.open(left)) {
        assertThat(reopened.jobs().find(all.stream().map(Job::id).toList()).values())
            .containsExactlyElementsOf(all);
        assertThat(reopened.queues().find("default").orElseThrow().submitted()).isEqualTo(1000);
      }
    }
  }

  @Test
  void anSqliteFileCanBeReadByItsOwnerOnly(@TempDir Path dir) throws Exception {
    DatabaseConfig config =
        DatabaseConfig.of("jdbc:sqlite:" + dir.resolve("data/quikqueue.db"), null, null);
    Migrations.migrate(config);
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(jobs.aQueuedJob(), null)));

      for (String suffix : List.of("", "-wal", "-shm")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(dir.resolve("data/quikqueue.db" + suffix))))
            .isEqualTo("rw-------");
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("data"))))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void anSqliteFileThatOthersCouldReadIsMadePrivate(@TempDir Path dir) throws Exception {
    DatabaseConfig config = DatabaseConfig.of("jdbc:sqlite:" + dir.resolve("a.db"), null, null);
    Migrations.migrate(config);
    for (String suffix : List.of("", "-wal", "-shm")) {
      Path file = dir.resolve("a.db" + suffix);
      Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
    }

    Migrations.migrate(config);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("a.db"))))
        .isEqualTo("rw-------");
    for (String suffix : List.of("-wal", "-shm")) {
      Path file = dir.resolve("a.db" + suffix);
      if (Files.exists(file)) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a #1",
        "a?b=c",
        "a%20b",
        "a&mode=memory",
        "a: b",
        "ä€𝄞",
        "a'\"`",
        "@a",
        "a\nb",
        ":memory:"
      })
  void anSqliteFileMayLieInAFolderOfAnyName(String name, @TempDir Path dir) throws Exception {
    Path file = dir.resolve(name).resolve(name + ".db");
    DatabaseConfig config = DatabaseConfig.of("jdbc:sqlite:" + file, null, null);
    Migrations.migrate(config);
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(jobs.aQueuedJob(), null)));
      stores.ping();
    }

    assertThat(file).isNotEmptyFile();
    try (Stream<Path> all = Files.list(dir)) {
      assertThat(all).containsExactly(dir.resolve(name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tablesOfANewerVersionAreLeftAlone(TestDatabase database) throws Exception {
    DatabaseConfig config = database.unmigrated();
    Migrations.migrate(config);
    try (Connection connection =
            DriverManager.getConnection(
                config.dataSourceFactory().getUrl(),
                config.dataSourceFactory().getUser(),
                config.dataSourceFactory().getPassword());
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE DATABASECHANGELOG SET ID = 'tomorrow' WHERE ID = 'leases'");
    }

    assertThatThrownBy(() -> Migrations.migrate(config))
        .isInstanceOf(NewerSchemaException.class)
        .hasMessageContaining("[tomorrow]");
  }
}
