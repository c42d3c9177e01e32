package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.OwnProcesses;
import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Servers;
import io.quikqueue.acceptance.Third;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.servers.Server;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers that are restarted one after the other, again and again, under a light load. */
@OwnProcesses
@Tag("faults")
@ExtendWith(Third.class)
@Timeout(1800)
final class ServersComeAndGoTest {

  /** How long they come and go; {@code -Dquikqueue.comeandgo=600} for ten minutes. */
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("quikqueue.comeandgo", 10));

  private static final int WARM_UP_JOBS = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int MORE_THREADS = 6;
  private static final int MORE_DESCRIPTORS = 12;
  private static final int MORE_SOCKETS = 6;
  private static final int MORE_HEAP_MB = 12;

  private final Path folder = Project.tempFolder("come-and-go");
  private final Servers servers = Servers.start(folder);
  private final List<App> apps =
      List.of(
          App.of("api", servers),
          App.of("consumer", servers),
          App.of("worker", servers),
          App.of("scheduler", servers));
  private final Report report = new Report("servers-come-and-go");

  /** What a process holds. */
  private record Holding(long threads, long descriptors, long sockets, long heapMb) {

    static Holding of(App app) {
      Usage usage = app.usage();
      return new Holding(
          usage.threads(), usage.descriptors(), usage.sockets(), usage.heapAfterGcMb());
    }

    boolean isWithin(Holding before) {
      return threads <= before.threads + MORE_THREADS
          && descriptors <= before.descriptors + MORE_DESCRIPTORS
          && sockets <= before.sockets + MORE_SOCKETS
          && heapMb <= before.heapMb + MORE_HEAP_MB;
    }
  }

  @AfterEach
  void cleanUp() {
    report.close();
    apps.forEach(App::close);
    servers.close();
    Project.delete(folder);
  }

  @Test
  void leavesNoThreadNoConnectionNoMemoryAndNoJobBehind() throws SQLException {
    apps.forEach(App::launch);
    apps.forEach(App::awaitReady);
    try (LightLoad load = LightLoad.on(apps.getFirst())) {
      // Once all round, so that what is made when a server comes back is there before the count.
      round(0);
      load.awaitAccepted(WARM_UP_JOBS);
      Map<App, Holding> before = new LinkedHashMap<>();
      apps.forEach(app -> before.put(app, Holding.of(app)));

      long end = System.nanoTime() + LENGTH.toNanos();
      int rounds = 1;
      while (System.nanoTime() < end) {
        round(rounds++);
      }
      load.awaitAccepted(WARM_UP_JOBS);
      before.forEach(this::requireNoMore);
      load.end();
      report.say(
          "%d rounds; %d jobs accepted, %d submits not",
          rounds, load.accepted().size(), load.failures());
      await("all accepted jobs done")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> notDone(load.accepted()).isEmpty());
    }
  }

  /** Restarts each server, by turns gently and not, and waits until all is well again. */
  private void round(int number) {
    for (Server server : servers.all()) {
      if (number % 2 == 0) {
        server.stop();
      } else {
        server.kill();
      }
      server.start();
      apps.forEach(App::awaitReady);
    }
  }

  private void requireNoMore(App app, Holding before) {
    await(app.name() + " held " + before)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(Holding.of(app)).matches(now -> now.isWithin(before)));
    report.say("%s: before %s, after %s", app.name(), before, Holding.of(app));
  }

  private Set<String> notDone(Set<String> accepted) throws SQLException {
    Set<String> left = new HashSet<>(accepted);
    try (Connection store = servers.connect();
        Statement statement = store.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT LOWER(HEX(id)) FROM jobs WHERE state = " + JobState.DONE.code())) {
      while (rows.next()) {
        left.remove(rows.getString(1));
      }
    }
    return left;
  }
}
