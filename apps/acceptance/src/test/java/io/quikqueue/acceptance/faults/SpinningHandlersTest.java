package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.OwnProcesses;
import io.quikqueue.acceptance.Project;
import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers of a plugin that compute and heed no interrupt: all else goes on. */
@OwnProcesses
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class SpinningHandlersTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String SPIN =
      """
      {"type": "effect", "payload": {"n": "%d", "millis": 0, "act": "spin"}, "timeout": "5s",
       "retry": {"max_attempts": 1}}\
      """;

  private final Path folder = Project.tempFolder("spin");
  private final Path effects = folder.resolve("effects.log");
  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final Http http = new Http("http://127.0.0.1:" + port);
  private final Http admin = new Http("http://127.0.0.1:" + adminPort);
  private ChildProcess process;

  @AfterEach
  void stop() {
    process.kill();
    Project.delete(folder);
  }

  @Test
  void handlersThatSpinStopNothingElse() throws Exception {
    start();
    List<String> spinning = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      spinning.add(http.post("/v1/jobs", SPIN.formatted(i)).string("id"));
    }
    await("all spin").atMost(SOON).until(() -> lines("START") == 4);

    await("they count as stuck")
        .atMost(SOON)
        .until(
            () ->
                admin
                    .get("/healthcheck")
                    .text()
                    .contains(
                        "4 handlers do not stop, of types [effect]; 2 of 8 slots are kept by"
                            + " them"));
    assertThat(admin.get("/metrics").text())
        .contains("quikqueue_slots_stuck 2.0", "quikqueue_handlers_abandoned 4.0");
    for (String id : spinning) {
      await("its attempt is over")
          .atMost(SOON)
          .until(() -> http.get("/v1/jobs/" + id).string("state").equals("FAILED"));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(http.get("/").status()).isEqualTo(200);
      String id = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}").string("id");
      await("others run")
          .atMost(SOON)
          .until(() -> http.get("/v1/jobs/" + id + "/result?wait=25s").text().equals("1"));
    }

    assertThat(lines("END")).as("they spin still").isZero();
    Files.createFile(Path.of(effects + ".stop"));
    await("slots are free again")
        .atMost(SOON)
        .until(() -> admin.get("/metrics").text().contains("quikqueue_handlers_abandoned 0.0"));
  }

  private long lines(String what) throws Exception {
    try (var lines = Files.lines(effects)) {
      return lines.filter(line -> line.startsWith(what)).count();
    }
  }

  private void start() {
    Path plugins = folder.resolve("plugins");
    Cluster.installEffectHandler(plugins);
    process =
        Project.launch(
            "up",
            Map.of("QQ_EFFECTS", "" + effects, "QQ_PLUGINS", "" + plugins, "QQ_SLOTS", "8"),
            List.of(
                "up",
                "--data",
                "" + folder.resolve("data"),
                "--port",
                "" + port,
                "--admin-port",
                "" + adminPort));
    await("ready")
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .failFast(() -> Project.requireAlive(process))
        .until(() -> admin.get("/ready").status() == 200);
  }
}
