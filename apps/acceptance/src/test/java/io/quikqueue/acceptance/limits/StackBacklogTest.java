package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.OwnProcesses;
import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Servers;
import io.quikqueue.acceptance.Third;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A great many jobs that wait in the distributed system, while it has no worker. */
@OwnProcesses
@Tag("faults")
@ExtendWith(Third.class)
@Timeout(1800)
final class StackBacklogTest {

  private static final int HIGH_WATER = 20_000;

  /** What one push may add to a queue that was just below its mark. */
  private static final int PUSH = 1_000;

  /** Bounds what hangs; that the sweep has nothing to put back is told by the scheduler. */
  private static final Duration REBUILD_LIMIT = Duration.ofMinutes(3);

  private final Path folder = Project.tempFolder("backlog");
  private final Servers servers = Servers.start(folder);
  private final RedisFigures redis = new RedisFigures(servers.redis());
  private final App api = App.of("api", servers);
  private final App consumer = App.of("consumer", servers);
  private final App worker = App.of("worker", servers);
  private final App scheduler = App.of("scheduler", servers);
  private final List<App> apps = List.of(api, consumer, worker, scheduler);
  private final Report report = new Report("backlog-stack");
  private final Backlog backlog = new Backlog(api, report);
  private final Sampler sampler =
      new Sampler()
          .watch(api, 384)
          .watch(consumer, 256)
          .watch(worker, 384)
          .watch(scheduler, 256)
          .add("redis used MB", redis::usedMb)
          .add("ready in redis", () -> redis.ready(Backlog.QUEUE))
          .add("waiting", () -> backlog.depth("QUEUED"))
          .add("done", () -> backlog.depth("DONE"));

  @AfterEach
  void cleanUp() {
    sampler.close();
    report.samples(Size.JOBS + " jobs in the distributed system", sampler.samples());
    report.close();
    apps.forEach(App::close);
    servers.close();
    Project.delete(folder);
  }

  @Test
  void itGrowsNoHeapNorRedisOutlivesAWipeAndDrains() throws SQLException {
    for (App app : List.of(api, consumer, scheduler)) {
      app.launch();
    }
    for (App app : List.of(api, consumer, scheduler)) {
      app.awaitReady();
    }
    sampler.start();
    double small = drainOfAFew();

    sampler.mark("submit");
    backlog.submit(Size.EARLY, 500);
    sampler.noteHeaps();
    backlog.submit(Size.JOBS - Size.EARLY, 10_000);
    sampler.requireNoGrowth(report);
    assertThat(backlog.depth("QUEUED")).isEqualTo(Size.JOBS);
    await("filled up to the mark")
        .atMost(REBUILD_LIMIT)
        .until(() -> redis.ready(Backlog.QUEUE) >= Math.min(Size.JOBS, HIGH_WATER));
    assertThat(sampler.samples().max("ready in redis").orElseThrow())
        .isLessThanOrEqualTo((double) HIGH_WATER + PUSH);
    assertThat(backlog.slowestPage()).isLessThan(Size.PAGE_LIMIT);
    wipe();

    sampler.mark("drain");
    double large = backlog.drain(worker::launch);
    report.say("%d jobs drained at %.0f/s, %.2f of it", Size.JOBS, large, large / small);
    sampler.requireBounded(report);
    assertThat(apps).allMatch(App::isAlive);
    await("counted").atMost(REBUILD_LIMIT).until(() -> worker.runs(Backlog.QUEUE) == Size.JOBS);
    double redisMb = sampler.samples().max("redis used MB").orElseThrow();
    report.say("Redis used at most %.0f MB of %d", redisMb, Servers.REDIS_MB);
    assertThat(redisMb).isLessThan(Servers.REDIS_MB);
    // After a wipe the consumer fills it up to the mark, and the rebuild one and a half times.
    assertThat(sampler.samples().max("ready in redis").orElseThrow())
        .isLessThanOrEqualTo(2.5 * HIGH_WATER + 2 * PUSH);
    assertThat(scheduler.logged())
        .as("what the rebuild had left out and the sweep found a minute later")
        .noneMatch(line -> line.contains("sweep_put_back"));
    try (Connection store = servers.connect()) {
      assertThat(Backlog.states(store)).isEqualTo(Map.of("DONE", Size.SMALL + Size.JOBS));
    }
  }

  @Test
  void aBlockedGroupGrowsNoHeapNorRedisAndHoldsUpNobody() {
    apps.forEach(App::launch);
    apps.forEach(App::awaitReady);
    sampler.start();
    BlockedGroup blocked = new BlockedGroup(api, backlog, report);

    blocked.fill(sampler, () -> consumer.metrics().sum("quikqueue_ready_jobs", Backlog.LABEL));
    sampler.mark("others");
    blocked.requireOthersRun();

    sampler.mark("drain");
    double rate = backlog.drain(blocked::release);
    report.say("%d jobs of the group drained at %.0f/s", Size.JOBS, rate);
    sampler.requireBounded(report);
    assertThat(apps).allMatch(App::isAlive);
  }

  private double drainOfAFew() {
    backlog.submit(Size.SMALL, 500);
    await("all ready").atMost(REBUILD_LIMIT).until(() -> redis.ready(Backlog.QUEUE) == Size.SMALL);
    double rate = backlog.drain(worker::launch);
    report.say("%d jobs drained at %.0f/s", Size.SMALL, rate);
    assertThat(worker.stop()).isTrue();
    return rate;
  }

  private void wipe() {
    sampler.mark("FLUSHALL");
    long wiped = System.nanoTime();
    redis.flushAll();
    await("Redis filled again")
        .atMost(REBUILD_LIMIT)
        .until(() -> redis.ready(Backlog.QUEUE) >= Math.min(Size.JOBS, HIGH_WATER));
    report.say("ready queue full again %.1f s after FLUSHALL", Backlog.seconds(wiped));
    await("the rebuild told of itself")
        .atMost(REBUILD_LIMIT)
        .until(
            () ->
                scheduler.logged().stream().filter(l -> l.contains("rebuild_finished")).count()
                    >= 2);
    report.say("rebuild ended %.1f s after FLUSHALL", Backlog.seconds(wiped));
  }
}
