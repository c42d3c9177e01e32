package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.acceptance.faults.Proxy.Then;
import io.quikqueue.acceptance.faults.Proxy.Trap;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows 21 to 27 but 24, and 33: workers, and everything at once. */
final class WorkerFaultsTest extends FaultTest {

  private static final int MAX_CRASHES = 3;

  /** Beside long jobs it takes more until it has run alone. */
  private static final int MOST_CRASHES = 6;

  /** How a job ends its worker: by itself, in order, and by all the memory there is. */
  private static final List<String> POISONS = List.of("halt", "exit", "heap");

  /** Jobs that run beside each of them, longer than it takes the worker to come back. */
  private static final int INNOCENTS = 3;

  /** Whatever was lost with the workers is tried one by one, and a slow machine loses more. */
  private static final Duration GIVEN_UP = Duration.ofMinutes(8);

  private static final long INNOCENT_MILLIS = 8_000;

  /** Too long for the drain, also for the first of twenty that are submitted one by one. */
  private static final Duration LONG = Cluster.DRAIN.multipliedBy(4);

  private static final int NEEDLES = 20;

  /** Fewer than are under way when a worker is told to stop. */
  private static final int A_FEW = 3;

  /** So long that all of them run, and their worker is frozen, before one ends. */
  private static final Duration NEEDLE = Duration.ofSeconds(20);

  WorkerFaultsTest(Cluster cluster) {
    super(cluster);
  }

  @Test
  void row21Killed() throws Exception {
    withLateSweep(this::workerKilled);
  }

  private Verdict workerKilled() throws Exception {
    return row(
        21,
        1,
        Role.WORKER,
        (round, second) -> {
          // Longer than any second worker takes to start.
          submit(round, "needle", "long-once", 120_000);
          await().atMost(SOON).until(() -> starts("row21-needle") == 1);
          second.start();

          cluster.worker().kill();

          await("it runs again").atMost(SOON).until(() -> starts("row21-needle") >= 2);
        });
  }

  @Test
  void row22FrozenPastItsLease() throws Exception {
    AtomicLong left = new AtomicLong();
    Verdict verdict =
        row(
            22,
            1,
            Role.WORKER,
            (round, second) -> {
              assertThat(round.load().submitAll("needle", NEEDLES, "long-once", NEEDLE.toMillis()))
                  .extracting(Submit::outcome)
                  .containsOnly(Outcome.OK);
              await().atMost(SOON).until(() -> begun("row22-needle") >= NEEDLES);
              long begun = System.nanoTime();
              cluster.worker().pause();
              left.set(2 * NEEDLES - cluster.effects().of("row22-needle").size()); // no end yet
              second.start();
              await("they run again")
                  .atMost(SOON)
                  .until(() -> begun("row22-needle") >= NEEDLES + left.get());
              await("all first runs are due to end")
                  .atMost(SOON)
                  .until(() -> System.nanoTime() - begun > NEEDLE.toNanos());
              cluster.worker().resume();
              round.awaitRuns(RATE);
            });
    assertThat(verdict.duplicated())
        .as("runs by the other")
        .isGreaterThanOrEqualTo(left.intValue());
    assertThat(verdict.stale()).as("late results refused").isPositive();
  }

  @Test
  void row23KilledBetweenEffectAndFinish() throws Exception {
    row(
        23,
        1,
        round -> {
          Trap trap =
              cluster.worker().database().set(new Trap(Then.HOLD_REQUEST, "left-row23-needle"));
          submit(round, "needle", 0);
          assertThat(trap.await(SOON)).isTrue();
          assertThat(starts("row23-needle")).isOne();

          cluster.worker().kill();
          cluster.worker().database().cut();
          cluster.worker().start();

          await("it runs again").atMost(SOON).until(() -> starts("row23-needle") == 2);
          List<Effect> runs = cluster.effects().of("row23-needle");
          assertThat(runs).extracting(Effect::job).containsOnly(runs.getFirst().job());
        });
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void row25AHandlerThatEndsItsWorker() throws Exception {
    Verdict verdict =
        row(
            25,
            MOST_CRASHES * POISONS.size(),
            round -> {
              App worker = cluster.worker();
              for (String poison : POISONS) {
                long before = givenUp("row25");
                for (int i = 0; i < INNOCENTS; i++) {
                  submit(round, "innocent-" + poison + i, INNOCENT_MILLIS);
                }
                await().atMost(SOON).until(() -> begun("row25-innocent-" + poison) == INNOCENTS);
                CompletableFuture.supplyAsync(
                        () -> round.load().submit("poison-" + poison, poison, 0))
                    .join();
                AtomicInteger ended = new AtomicInteger();
                await(poison + " is given up")
                    .atMost(GIVEN_UP)
                    .until(
                        () -> {
                          if (!worker.isAlive()) {
                            worker.launch(); // not until it is ready: the poison may be faster
                            ended.incrementAndGet();
                          }
                          return givenUp("row25") > before
                              && ended.get() == starts("row25-poison-" + poison);
                        });
              }
              worker.awaitReady();
              round.awaitRuns(5 * RATE);
              assertThat(cluster.worker().isAlive()).isTrue();
            });
    assertThat(verdict.failed()).as("only the poisons are given up").isEqualTo(POISONS.size());
    for (String poison : POISONS) {
      assertThat(starts("row25-poison-" + poison))
          .isBetween((long) MAX_CRASHES, (long) MOST_CRASHES);
    }
  }

  private long givenUp(String queue) throws SQLException {
    try (Connection store = cluster.servers().connect()) {
      return Rows.count(
          store, "SELECT COUNT(*) FROM jobs WHERE queue = ? AND crashes > 2 AND state = 7", queue);
    }
  }

  @Test
  void row26StoppedInTurn() throws Exception {
    try (Cluster.Added api = cluster.add(Role.API);
        Cluster.Added worker = cluster.add(Role.WORKER)) {
      CompletableFuture.allOf(
              CompletableFuture.runAsync(api.app()::start),
              CompletableFuture.runAsync(worker.app()::start))
          .join();
      stoppedInTurn();
    }
  }

  private void stoppedInTurn() throws Exception {
    AtomicInteger submitted = new AtomicInteger();
    row(
        26,
        2,
        round -> {
          for (App app : cluster.apps()) {
            if (app.role() == Role.WORKER) {
              // Too long for the drain, and enough of them for each worker to have some.
              for (int i = 0; i < 20; i++) {
                submit(round, "long" + submitted.incrementAndGet(), LONG.toMillis());
              }
              await("the last one runs")
                  .atMost(SOON)
                  .until(() -> starts("row26-long" + submitted) == 1);
            }
            assertThat(app.stop()).as(app.name() + " ends by itself").isTrue();
            app.start();
            round.awaitRuns(RATE);
          }
        });
    List<Effect> runs =
        cluster.effects().of("row26-long").stream().filter(Effect::started).toList();
    assertThat(runs).as("some were handed back").hasSizeGreaterThan(submitted.get());
    assertThat(runs).as("no attempt burned").extracting(Effect::attempt).containsOnly(1);
    assertThat(soonRepetitions("row26-"))
        .as("what ran again was handed back after the drain, but for what had just begun")
        .isLessThanOrEqualTo(A_FEW);
    try (var store = cluster.servers().connect()) {
      assertThat(Rows.count(store, "SELECT SUM(crashes) FROM jobs WHERE queue = 'row26'"))
          .as("attempts burned")
          .isZero();
    }
  }

  /** How many attempts started twice within less time than a drain takes. */
  private int soonRepetitions(String prefix) {
    Map<String, Long> begun = new HashMap<>();
    int soon = 0;
    for (Effect effect : cluster.effects().of(prefix)) {
      if (effect.started()) {
        Long before = begun.put(effect.job() + " " + effect.attempt(), effect.nanos());
        if (before != null && effect.nanos() - before < Cluster.DRAIN.toNanos() / 2) {
          soon++;
        }
      }
    }
    return soon;
  }

  @Test
  void row27EverythingKilledAtOnce() throws Exception {
    row(
        27,
        2,
        round -> {
          for (int i = 0; i < 2; i++) {
            cluster.apps().parallelStream().forEach(App::kill);
            cluster.servers().mariaDb().kill();
            cluster.servers().kafka().kill();
            cluster.servers().redis().kill();
            cluster.heal();
            round.awaitRuns(RATE);
          }
        });
  }

  @Test
  void row33TheHeadOfAnOrderingKeyCrashes() throws Exception {
    int length = 30;
    row(
        33,
        1,
        Role.WORKER,
        (round, second) -> {
          // Longer than any second worker takes to start.
          assertThat(round.load().submitInOrder("line", length, 120_000))
              .extracting(Submit::outcome)
              .containsOnly(Outcome.OK);
          await().atMost(SOON).until(() -> starts("row33-line0") == 1);
          second.start();

          cluster.worker().kill();

          await("the last one runs")
              .atMost(SOON)
              .until(() -> starts("row33-line" + (length - 1)) == 1);
        });
    List<String> order = new ArrayList<>(List.of("row33-line0", "row33-line0"));
    for (int i = 1; i < length; i++) {
      order.addAll(List.of("row33-line" + i, "row33-line" + i));
    }
    order.add(1, "row33-line0"); // whose first run did not end
    assertThat(cluster.effects().of("row33-line"))
        .as("beginnings and ends, one job at a time")
        .extracting(Effect::n)
        .isEqualTo(order);
  }

  private long begun(String prefix) {
    return cluster.effects().of(prefix).stream().filter(Effect::started).count();
  }

  private long starts(String n) {
    return cluster.effects().starts(n);
  }
}
