package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.servers.MariaDbServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rows 5 to 8 and 24: the database. */
final class DatabaseFaultsTest extends FaultTest {

  private static final int DEADLOCK = 1213;

  /** Its heap, and what a JVM needs beside it; it may have filled neither of them so far. */
  private static final long MOST_MEGABYTES = 384 + 256;

  DatabaseFaultsTest(Cluster cluster) {
    super(cluster);
  }

  private MariaDbServer mariaDb() {
    return cluster.servers().mariaDb();
  }

  @Test
  void row5KilledAndRestarted() throws Exception {
    row(
        5,
        0,
        round -> {
          for (int i = 0; i < 3; i++) {
            mariaDb().kill();
            assertIsRefused(submitRaw());
            mariaDb().start();
            await().atMost(SOON).until(() -> submitRaw().status() == 202);
          }
          round.awaitRuns(RATE);
        });
  }

  @Test
  void row6FrozenForAMinute() throws Exception {
    double threads = threads();
    long memory = residentMegabytes();
    row(
        6,
        0,
        round -> {
          // Longer than leases last, and shorter than what a worker waits for an answer.
          mariaDb().pause();
          pass(Cluster.LEASE.plusSeconds(4));
          mariaDb().resume();
          round.awaitRuns(5 * RATE);

          mariaDb().pause();
          CompletableFuture<Void> minute =
              CompletableFuture.runAsync(
                  () -> {
                    for (int i = 0; i < 2; i++) {
                      assertIsRefused(submitRaw());
                    }
                  });
          pass(Duration.ofSeconds(60));
          assertThat(threads()).as("threads of the api").isLessThan(threads + 100);
          assertThat(residentMegabytes())
              .as("MB of the api")
              .isLessThan(Math.max(memory + 200, MOST_MEGABYTES));
          minute.join(); // a submit takes up to twice the time-out of its connection
          mariaDb().resume();
          await().atMost(SOON).until(() -> submitRaw().status() == 202);
          round.awaitRuns(RATE);
        });
  }

  @Test
  void row7DiskFull() throws Exception {
    row(
        7,
        0,
        round -> {
          Path files = mariaDb().log().resolveSibling("data");
          Path redoLog = files.resolve("ib_logfile0");
          Path jobs = files.resolve("quikqueue/jobs.ibd");
          try (FullDisk unused = new FullDisk(mariaDb().pid(), 16 << 20, redoLog, jobs)) {
            String item =
                "{\"type\":\"echo\",\"queue\":\"raw\",\"payload\":\"" + "x".repeat(60_000) + "\"}";
            String batch = "[" + (item + ",").repeat(49) + item + "]";
            Http http = new Http(cluster.api().address());
            AtomicInteger refused = new AtomicInteger();
            await("the disk is full")
                .atMost(SOON)
                .until(
                    () -> {
                      if (http.post("/v1/jobs/batch", batch).text().contains("\"status\":503")) {
                        refused.incrementAndGet();
                      }
                      return refused.get() >= 5;
                    });
          }
          await()
              .atMost(SOON)
              .until(
                  () -> {
                    mariaDb().start(); // if it has ended, as one may when its disk is full
                    return submitRaw().status() == 202;
                  });
          round.awaitRuns(RATE);
        });
  }

  @Test
  void row8Deadlock() throws Exception {
    App worker = cluster.worker();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger own = new AtomicInteger();
    try {
      withOptions(
          worker,
          "-Ddw.logging.level=DEBUG",
          () ->
              row(
                  8,
                  0,
                  round -> {
                    var locking =
                        CompletableFuture.runAsync(
                            () -> lockBackwards(round.load().queue(), over, own));
                    long before = deadlocks();
                    await("deadlocks in the database")
                        .atMost(SOON)
                        .until(
                            () ->
                                deadlocks() >= before + own.get() + 5 && repetitions(worker) >= 3);
                    over.set(true);
                    locking.join();
                  }));
    } finally {
      over.set(true);
    }
  }

  /** How many deadlocks the worker met with a repetition. */
  private static long repetitions(App worker) {
    return worker.logged().stream()
        .filter(line -> line.contains("event=store_retry") && line.contains("/" + DEADLOCK))
        .count();
  }

  /**
   * Locks jobs that are about to end, the latest first, while those that finish them lock the
   * earliest first. It has written more than they have, so it is they whom the server rolls back.
   */
  private void lockBackwards(String queue, AtomicBoolean over, AtomicInteger own) {
    try (Connection store = cluster.servers().connect();
        Statement statement = store.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS ballast (n BIGINT)");
      store.setAutoCommit(false);
      String ballast = "INSERT INTO ballast VALUES " + "(1),".repeat(4999) + "(1)";
      while (!over.get()) {
        try (PreparedStatement lock =
            store.prepareStatement(
                "SELECT id FROM jobs WHERE queue = ? AND state = 3 ORDER BY id DESC LIMIT 20"
                    + " FOR UPDATE")) {
          statement.execute(ballast);
          lock.setString(1, queue);
          for (int i = 0; i < 5; i++) {
            lock.executeQuery();
          }
        } catch (SQLException e) {
          if (e.getErrorCode() != DEADLOCK) {
            throw e;
          }
          own.incrementAndGet();
        }
        store.rollback();
      }
      store.setAutoCommit(true);
      statement.execute("DROP TABLE ballast");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void row24GoneWhenResultsAreThere() throws Exception {
    row(
        24,
        0,
        round -> {
          submit(round, "needle", 3000);
          await().atMost(SOON).until(() -> cluster.effects().starts("row24-needle") == 1);
          cluster.worker().database().accept(false);
          // Longer than the jobs run, and longer than their leases would last.
          pass(Cluster.LEASE.plusSeconds(4));
          assertThat(cluster.worker().isAlive()).isTrue();
          cluster.worker().database().accept(true);
          round.awaitRuns(RATE);
        });
  }

  /** How many deadlocks the server has ended since it started. */
  private long deadlocks() throws SQLException {
    try (Connection store = cluster.servers().connect()) {
      return Rows.count(
          store,
          "SELECT variable_value FROM information_schema.global_status"
              + " WHERE variable_name = 'INNODB_DEADLOCKS'");
    }
  }

  private static void assertIsRefused(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotNull();
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
  }

  /** A job beside the load. */
  private Answer submitRaw() {
    return new Http(cluster.api().address())
        .post("/v1/jobs", "{\"type\":\"echo\",\"queue\":\"raw\",\"payload\":\"\"}");
  }

  private double threads() {
    return cluster.api().metrics().sum("jvm_threads_current");
  }

  private long residentMegabytes() throws Exception {
    String line =
        Files.readAllLines(Path.of("/proc/" + cluster.api().process().pid() + "/status")).stream()
            .filter(each -> each.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }
}
