package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.OwnProcesses;
import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Third;
import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 29, and rows 7, 25 and 28 once more: the service in one process on one SQLite file. */
@OwnProcesses
@Tag("faults")
@ExtendWith(Third.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES) // for what hangs; a slow machine takes its time
final class StandaloneKilledTest {

  private static final int KILLS = 20;
  private static final int RATE = 40;

  /** So long that the process looks at the clock meanwhile. */
  private static final Duration DELAY = Duration.ofSeconds(15);

  private static final int INNOCENTS = 3;

  /** Longer than a process takes to come back. */
  private static final long INNOCENT_MILLIS = 8_000;

  private static final int MOST_CRASHES = 6;
  private static final Duration SOON = Duration.ofMinutes(3);

  /** Of jobs that crashed twice one begins at a time, and twenty lives leave many. */
  private static final Duration QUIET = Duration.ofMinutes(8);

  private final Path folder = Project.tempFolder("one");
  private final Path data = folder.resolve("data");
  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final EffectLog effects = new EffectLog(folder.resolve("effects.log"));
  private final Map<String, String> env = new HashMap<>();
  private final List<ChildProcess> lives = new ArrayList<>();

  StandaloneKilledTest() {
    Cluster.installEffectHandler(folder.resolve("plugins"));
    env.put("QQ_EFFECTS", effects.file().toString());
    env.put("QQ_PLUGINS", folder.resolve("plugins").toString());
  }

  @AfterEach
  void stop() {
    lives.forEach(ChildProcess::kill);
    Project.delete(folder);
  }

  @Test
  void row29KilledTwentyTimesUnderLoad() throws Exception {
    start();
    try (Load load = load("row29")) {
      load.start(RATE);
      for (int i = 0; i < KILLS; i++) {
        long before = effects.of("row29-").size();
        await("the load flows").atMost(SOON).until(() -> effects.of("row29-").size() > before + 50);
        lives.getLast().kill();
        start();
      }
      judge(load, KILLS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"halt", "exit", "heap"})
  void row25AHandlerThatEndsItsProcess(String poison) throws Exception {
    start();
    String name = "row25" + poison;
    try (Load load = load(name)) {
      for (int i = 0; i < INNOCENTS; i++) {
        load.submit("innocent" + i, "succeed", INNOCENT_MILLIS);
      }
      await()
          .atMost(SOON)
          .until(
              () ->
                  effects.of(name + "-innocent").stream().filter(Effect::started).count()
                      == INNOCENTS);
      load.submit("poison", poison, 1_000); // it is marked RUNNING by then
      try (Connection store = connect()) {
        await("the poison is given up")
            .atMost(QUIET)
            .until(
                () -> {
                  if (!lives.getLast().isAlive()) {
                    launch(); // not until it is ready: the poison may be faster
                  }
                  return Rows.count(store, "SELECT COUNT(*) FROM jobs WHERE state = 7") == 1
                      && lives.size() > effects.starts(name + "-poison"); // each has ended one
                });
        awaitReady();
      }
      judge(load, MOST_CRASHES);
    }
    assertThat(effects.starts(name + "-poison")).isBetween(3L, (long) MOST_CRASHES);
    assertThat(lives).hasSizeLessThanOrEqualTo(1 + MOST_CRASHES);
  }

  static boolean clocksCanJump() {
    return WallClock.canJump();
  }

  @Test
  @EnabledIf(value = "clocksCanJump", disabledReason = "row 28 needs gcc to build wall-clock.c")
  void row28TheClockIsSetBack() throws Exception {
    Path clock = folder.resolve("up.clock");
    WallClock.shift(clock, Duration.ZERO);
    env.put("LD_PRELOAD", WallClock.build(folder).toString());
    env.put("WALL_CLOCK_FILE", clock.toString());
    start();
    Instant deadline = Instant.now().plus(Duration.ofMinutes(30));
    try (Load load = load("row28")) {
      load.submitDelayed("before", DELAY, deadline);
      WallClock.shift(clock, Duration.ofHours(-1));
      load.submit("retried", "fail-once", DELAY.toMillis());
      load.submitDelayed("after", DELAY, deadline);
      await("all run")
          .atMost(SOON.multipliedBy(2))
          .until(
              () ->
                  effects.starts("row28-before") == 1
                      && effects.starts("row28-after") == 1
                      && effects.starts("row28-retried") == 2);
      judge(load, 0);
    }
  }

  @Test
  void row7DiskFull() throws Exception {
    start();
    try (Load load = load("row7")) {
      load.start(RATE);
      await().atMost(SOON).until(() -> effects.of("row7-").size() > 100);
      Http http = new Http(address());
      String job =
          "{\"type\":\"echo\",\"queue\":\"wide\",\"payload\":\"" + "x".repeat(60_000) + "\"}";
      Path store = data.resolve("quikqueue.db");
      Path log = data.resolve("quikqueue.db-wal");
      try (FullDisk unused = new FullDisk(lives.getLast().pid(), 1_000_000, store, log)) {
        await("a refusal").atMost(SOON).until(() -> http.post("/v1/jobs", job).status() == 503);
        assertThat(lives.getLast().isAlive()).isTrue();
      }
      await("accepted again").atMost(SOON).until(() -> http.post("/v1/jobs", job).status() == 202);
      judge(load, 1);
    }
  }

  private Load load(String name) {
    return new Load(name, folder, () -> List.of(address()), 29);
  }

  private String address() {
    return "http://127.0.0.1:" + port;
  }

  private void start() {
    launch();
    awaitReady();
  }

  private void awaitReady() {
    ChildProcess life = lives.getLast();
    Http admin = new Http("http://127.0.0.1:" + adminPort);
    await("ready")
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .failFast(() -> Project.requireAlive(life))
        .until(() -> admin.get("/ready").status() == 200);
  }

  private void launch() {
    ChildProcess life =
        Project.launch(
            "up",
            env,
            List.of(
                "up", "--data", "" + data, "--port", "" + port, "--admin-port", "" + adminPort));
    lives.add(life);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data + "/quikqueue.db");
  }

  private void judge(Load load, int faults) throws Exception {
    load.finish();
    try (Connection store = connect()) {
      await("quiet")
          .atMost(QUIET)
          .until(() -> Rows.count(store, "SELECT COUNT(*) FROM jobs WHERE state < 6") == 0);
      Verdict verdict = Checker.check(load.file(), effects, load.queue(), store, 0, 0);
      System.out.println("standalone " + load.queue() + ": " + verdict);
      verdict.holds(faults);
      assertThat(lives.getLast().stop(SOON)).isTrue();
      try (Statement statement = store.createStatement();
          ResultSet answer = statement.executeQuery("PRAGMA integrity_check")) {
        assertThat(answer.next()).isTrue();
        assertThat(answer.getString(1)).isEqualTo("ok");
      }
    }
  }
}
