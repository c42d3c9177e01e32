package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.faults.EffectLog.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Row 28: wall clocks that jump. */
final class ClockFaultsTest extends FaultTest {

  private static final Duration DELAY = Duration.ofSeconds(5);
  private static final Duration LATE = Duration.ofSeconds(5);

  ClockFaultsTest(Cluster cluster) {
    super(cluster);
  }

  /** `./quikqueue test` installs it where it may. */
  static boolean canFakeTime() {
    return library().isPresent();
  }

  private static Optional<Path> library() {
    try (Stream<Path> found =
        Files.find(Path.of("/usr/lib"), 3, (p, a) -> p.endsWith("faketime/libfaketime.so.1"))) {
      return found.findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  @EnabledIf(value = "canFakeTime", disabledReason = "libfaketime is not installed")
  void row28WallClocksJump() throws Exception {
    for (Role role : new Role[] {Role.WORKER, Role.API, Role.SCHEDULER}) {
      App app = cluster.app(role);
      Path clock = Files.createFile(cluster.folder().resolve(app.name() + ".clock"));
      Files.writeString(clock, "+0");
      app.set("LD_PRELOAD", library().orElseThrow().toString());
      app.set("FAKETIME_TIMESTAMP_FILE", clock.toString());
      app.set("FAKETIME_NO_CACHE", "1");
      // Waiting is measured by the clock that does not jump.
      app.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
      app.stop();
      app.start();
    }
    try {
      row(
          28,
          0,
          round -> {
            int n = 0;
            for (Role role : new Role[] {Role.WORKER, Role.API, Role.SCHEDULER}) {
              for (String jump : new String[] {"+3600", "-3600", "+0"}) {
                String name = "delayed" + n++;
                long submitted = System.nanoTime();
                round.load().submitDelayed(name, DELAY);
                Path clock = cluster.folder().resolve(cluster.app(role).name() + ".clock");
                Files.writeString(clock, jump);
                submit(round, "long" + n, 2000);
                await(name + " after " + role + " " + jump)
                    .atMost(DELAY.plus(LATE).plusSeconds(10))
                    .until(() -> cluster.effects().starts("row28-" + name) == 1);
                Effect run = cluster.effects().of("row28-" + name).getFirst();
                assertThat(Duration.ofNanos(run.nanos() - submitted))
                    .as(name + " after " + role + " " + jump)
                    .isBetween(DELAY, DELAY.plus(LATE));
              }
            }
            assertThat(createdAt(round)).isBetween(Instant.now().minusSeconds(600), Instant.now());
          });
    } finally {
      for (Role role : new Role[] {Role.WORKER, Role.API, Role.SCHEDULER}) {
        App app = cluster.app(role);
        app.unset("LD_PRELOAD");
        app.stop();
        app.start();
      }
    }
  }

  /** When the store says that the latest job was made, which is by the store's own clock. */
  private Instant createdAt(Round round) throws Exception {
    try (var store = cluster.servers().connect()) {
      long micros =
          Rows.count(
              store, "SELECT MAX(created_at) FROM jobs WHERE queue = ?", round.load().queue());
      return Instant.ofEpochMilli(micros / 1000);
    }
  }
}
