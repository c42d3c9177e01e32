package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.OwnProcesses;
import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Third;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A great many jobs that wait in one process. */
@OwnProcesses
@Tag("faults")
@ExtendWith(Third.class)
@Timeout(1800)
final class StandaloneBacklogTest {

  private static final int HEAP_MB = 384;
  private static final Duration SOON = Duration.ofMinutes(3);

  /** Many times what a start takes while nothing else runs, and what the first one took. */
  private static final double RESTART_LIMIT_SECONDS = 60;

  private static final double MOST_OF_FIRST_START = 10;

  private final Path folder = Project.tempFolder("backlog");
  private final App app = App.standalone(folder.resolve("data"));
  private final Report report = new Report("backlog-standalone");
  private final Backlog backlog = new Backlog(app, report);
  private final Sampler sampler =
      new Sampler()
          .watch(app, HEAP_MB)
          .add("waiting", () -> backlog.depth("QUEUED"))
          .add("done", () -> backlog.depth("DONE"));

  @AfterEach
  void cleanUp() {
    sampler.close();
    report.samples(Size.JOBS + " jobs in one process", sampler.samples());
    report.close();
    app.close();
    Project.delete(folder);
  }

  @Test
  void itGrowsNoHeapOutlivesAKillAndDrains() throws SQLException {
    long launched = System.nanoTime();
    app.launch();
    app.awaitReady();
    double first = Backlog.seconds(launched);
    sampler.start();
    double small = drainOfAFew();

    Held held = Held.allSlotsOf(app);
    sampler.mark("submit");
    backlog.submit(Size.EARLY, 10_000);
    sampler.noteHeaps();
    backlog.submit(Size.JOBS - Size.EARLY, 10_000);
    sampler.requireNoGrowth(report);
    assertThat(backlog.depth("QUEUED")).isEqualTo(Size.JOBS);
    assertThat(backlog.slowestPage()).isLessThan(Size.PAGE_LIMIT);

    sampler.mark("kill -9");
    app.kill();
    long killed = System.nanoTime();
    app.launch();
    app.awaitReady();
    double restart = Backlog.seconds(killed);
    report.say("ready %.1f s after kill -9 with %d jobs waiting", restart, Size.JOBS);
    assertThat(restart).isLessThan(RESTART_LIMIT_SECONDS + MOST_OF_FIRST_START * first);

    sampler.mark("drain");
    double large = backlog.drain(held::release);
    report.say("%d jobs drained at %.0f/s, %.2f of it", Size.JOBS, large, large / small);
    sampler.requireBounded(report);
    await("counted").atMost(SOON).until(() -> app.runs(Backlog.QUEUE) == Size.JOBS);
    assertThat(app.stop()).isTrue();
    try (Connection store =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/quikqueue.db"))) {
      assertThat(Backlog.states(store)).isEqualTo(Map.of("DONE", Size.SMALL + Size.JOBS));
    }
  }

  @Test
  void aBlockedGroupGrowsNoHeapAndHoldsUpNobody() {
    app.launch();
    app.awaitReady();
    sampler.start();
    BlockedGroup blocked = new BlockedGroup(app, backlog, report);

    blocked.fill(sampler, () -> app.metrics().sum("quikqueue_ready_jobs", Backlog.LABEL));
    sampler.mark("others");
    blocked.requireOthersRun();

    sampler.mark("drain");
    double rate = backlog.drain(blocked::release);
    report.say("%d jobs of the group drained at %.0f/s", Size.JOBS, rate);
    sampler.requireBounded(report);
    assertThat(app.isAlive()).isTrue();
  }

  private double drainOfAFew() {
    Held held = Held.allSlotsOf(app);
    backlog.submit(Size.SMALL, 500);
    double rate = backlog.drain(held::release);
    report.say("%d jobs drained at %.0f/s", Size.SMALL, rate);
    return rate;
  }
}
