package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Third;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the rows of the fault matrix have in common. */
@ClusterTest
@ExtendWith(Third.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES) // for what hangs; a slow machine takes its time
abstract class FaultTest {

  static final Duration SOON = Duration.ofMinutes(3);
  static final int RATE = 40;

  /** The end of the message that ends a transaction. */
  static final String COMMIT = "; commit";

  final Cluster cluster;

  FaultTest(Cluster cluster) {
    this.cluster = cluster;
  }

  /** A row of the matrix; what follows is done under a steady load that flows. */
  interface Body {
    /** Injects faults and heals what {@link Round#judge} would not. */
    void run(Round round) throws Exception;
  }

  /**
   * Runs a row and judges it.
   *
   * @param faults how many more times than without faults a job may have run at most
   */
  Verdict row(int number, int faults, Body body) throws Exception {
    try (Round round = new Round(cluster, "row" + number, number)) {
      round.load().start(RATE);
      round.awaitRuns(RATE);
      body.run(round);
      Verdict verdict = round.judge();
      verdict.holds(faults);
      return verdict;
    } catch (Throwable e) {
      System.out.println("row" + number + " failed: " + e + "\n" + cluster.lastLines());
      try {
        cluster.heal();
      } catch (RuntimeException | AssertionError unhealed) {
        e.addSuppressed(unhealed);
      }
      throw e;
    }
  }

  /** A row with a second process of one kind, which is not started yet. */
  interface BodyWithSecond {
    void run(Round round, App second) throws Exception;
  }

  /** As {@link #row(int, int, Body)}, with a second process of this kind until the row is over. */
  Verdict row(int number, int faults, Role role, BodyWithSecond body) throws Exception {
    try (Cluster.Added second = cluster.add(role)) {
      return row(number, faults, round -> body.run(round, second.app()));
    }
  }

  /** The scheduler that leads, by its log. */
  App leadingScheduler() {
    List<App> leading =
        cluster.apps(Role.SCHEDULER).stream()
            .filter(
                app ->
                    app.logged().stream()
                        .filter(line -> line.contains("lease=scheduler"))
                        .reduce((first, last) -> last)
                        .map(line -> line.contains("event=leading"))
                        .orElse(false))
            .toList();
    assertThat(leading).as("schedulers that lead").isNotEmpty();
    return leading.getFirst();
  }

  /** Runs a body while a process has these options of its JVM; it is restarted before and after. */
  static void withOptions(App app, String options, Callable<?> body) throws Exception {
    app.stop();
    app.set("JAVA_OPTS", options);
    app.start();
    try {
      body.call();
    } finally {
      app.stop();
      app.set("JAVA_OPTS", "");
      app.start();
    }
  }

  /** Submits in the background a job of this name that takes no time, with a key. */
  static CompletableFuture<Submit> submitting(Round round, String n) {
    return CompletableFuture.supplyAsync(() -> round.load().submit(n, "succeed", 0));
  }

  /** Submits until it is accepted; for times when an api is there. */
  static void submit(Round round, String n, long millis) {
    submit(round, n, "succeed", millis);
  }

  /** As {@link #submit(Round, String, long)}, a job that ends in this way. */
  static void submit(Round round, String n, String act, long millis) {
    await(n + " is accepted")
        .atMost(SOON)
        .until(() -> round.load().submit(n, act, millis).outcome() == Outcome.OK);
  }

  /**
   * So that it is not the sweep that puts back what was lost, however long it takes until something
   * else does.
   */
  void withLateSweep(Callable<?> row) throws Exception {
    withOptions(cluster.scheduler(), "-Ddw.scheduling.sweepAge=1h", row);
  }

  /** Lets time pass that is part of the fault. */
  static void pass(Duration time) throws InterruptedException {
    boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
