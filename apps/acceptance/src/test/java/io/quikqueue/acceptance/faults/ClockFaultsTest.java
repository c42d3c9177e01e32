package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Row 28: wall clocks that jump. */
final class ClockFaultsTest extends FaultTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DELAY = Duration.ofSeconds(4);

  /** Longer than a lease, so that it has to be renewed. */
  private static final Duration LONG = Cluster.LEASE.plusSeconds(2);

  ClockFaultsTest(Cluster cluster) {
    super(cluster);
  }

  static boolean clocksCanJump() {
    return WallClock.canJump();
  }

  @Test
  @EnabledIf(value = "clocksCanJump", disabledReason = "row 28 needs gcc to build wall-clock.c")
  void row28WallClocksJump() throws Exception {
    Path library = WallClock.build(cluster.folder());
    List<WallClock> clocks = new ArrayList<>();
    for (Role role : Role.values()) {
      clocks.add(WallClock.giveTo(cluster.app(role), library));
    }
    Instant begin = Instant.now();
    try {
      row(
          28,
          0,
          round -> {
            long jumping = System.nanoTime();
            Map<App, Duration> used = processorTimes();
            for (WallClock clock : clocks) {
              jump(round, clock, HOUR);
              jump(round, clock, Duration.ZERO);
            }
            requireIdle(used, Duration.ofNanos(System.nanoTime() - jumping));
            requireTimesSince(begin.minusSeconds(1), round.load().queue());
            await("offsets are committed").atMost(SOON).until(() -> lag() < 5 * RATE);
          });
    } finally {
      clocks.forEach(WallClock::takeBack);
    }
  }

  /** Jobs that wait and jobs that run while the clock jumps, and jobs submitted after that. */
  private void jump(Round round, WallClock clock, Duration shift) throws Exception {
    String as = clock.app().name() + (shift.isZero() ? "-back" : "-ahead");
    Map<String, Long> delayed = new HashMap<>();
    submitDelayed(round, as + "-before", delayed);
    submit(round, as + "-long", LONG.toMillis());
    await(as).atMost(SOON).until(() -> cluster.effects().starts("row28-" + as + "-long") == 1);

    clock.shift(shift);
    // The library looks at the shift ten times a second.
    pass(Duration.ofMillis(200));

    submitDelayed(round, as + "-after", delayed);
    submit(round, as + "-now", 0);
    String firstOfItsQueue = submitEcho("row28-" + as);
    await(as)
        .atMost(SOON)
        .until(
            () ->
                delayed.keySet().stream()
                    .allMatch(n -> cluster.effects().starts("row28-" + n) == 1));
    delayed.forEach(
        (n, submitted) -> {
          Effect run = cluster.effects().of("row28-" + n).getFirst();
          assertThat(Duration.ofNanos(run.nanos() - submitted)).as(n).isGreaterThanOrEqualTo(DELAY);
        });
    await("the first job of a queue, " + as).atMost(SOON).until(() -> isDone(firstOfItsQueue));
    round.awaitRuns(RATE);
  }

  /** A job beside the load; returns its id. */
  private String submitEcho(String queue) {
    Answer answer =
        api().post("/v1/jobs", "{\"type\":\"echo\",\"queue\":\"" + queue + "\",\"payload\":1}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().get("id").textValue();
  }

  private boolean isDone(String id) {
    return api().get("/v1/jobs/" + id).json().get("state").textValue().equals("DONE");
  }

  private Http api() {
    return new Http(cluster.api().address());
  }

  /** Announced jobs whose offsets are not committed. */
  private double lag() {
    return cluster.scheduler().metrics().sum("quikqueue_stream_lag_jobs");
  }

  private void submitDelayed(Round round, String n, Map<String, Long> delayed) {
    long now = System.nanoTime();
    Instant deadline = Instant.now().plus(HOUR.dividedBy(2));
    assertThat(round.load().submitDelayed(n, DELAY, deadline).outcome()).isEqualTo(Outcome.OK);
    delayed.put(n, now);
  }

  private Map<App, Duration> processorTimes() {
    Map<App, Duration> times = new HashMap<>();
    for (App app : cluster.apps()) {
      ProcessHandle process = ProcessHandle.of(app.process().pid()).orElseThrow();
      times.put(app, process.info().totalCpuDuration().orElseThrow());
    }
    return times;
  }

  /** A thread that waits until a time which never comes would take a processor for itself. */
  private void requireIdle(Map<App, Duration> before, Duration passed) {
    processorTimes()
        .forEach(
            (app, now) -> {
              assertThat(now.minus(before.get(app)))
                  .as("processor time of " + app.name() + " in " + passed)
                  .isLessThan(passed.multipliedBy(3).dividedBy(4));
            });
  }

  /** All times in the store are by its own clock. */
  private void requireTimesSince(Instant from, String queue) throws Exception {
    try (Connection store = cluster.servers().connect()) {
      for (String each : List.of("MIN(created_at)", "MAX(created_at)", "MAX(finished_at)")) {
        long micros = Rows.count(store, "SELECT " + each + " FROM jobs WHERE queue = ?", queue);
        assertThat(Instant.ofEpochMilli(micros / 1000)).as(each).isBetween(from, Instant.now());
      }
    }
  }
}
