package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.acceptance.faults.Proxy.Then;
import io.quikqueue.acceptance.faults.Proxy.Trap;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rows 1 to 4: the api between a submit and its answer. */
final class ApiFaultsTest extends FaultTest {

  ApiFaultsTest(Cluster cluster) {
    super(cluster);
  }

  @Test
  void row1KilledBeforeTheCommit() throws Exception {
    row(
        1,
        0,
        round -> {
          Trap trap = database().set(new Trap(Then.HOLD_REQUEST, "row1-needle", COMMIT));
          CompletableFuture<Submit> needle = submitting(round, "needle");
          assertThat(trap.await(SOON)).isTrue();

          cluster.api().kill();
          database().cut();

          assertThat(needle.join().outcome()).isEqualTo(Outcome.UNKNOWN);
          try (var store = cluster.servers().connect()) {
            assertThat(Rows.named(store, "row1-needle")).as("rows without a commit").isZero();
          }
          cluster.api().start();
          submit(round, "needle", 0);
        });
  }

  @Test
  void row2KilledAfterTheCommit() throws Exception {
    row(
        2,
        0,
        round -> {
          Trap trap = database().set(new Trap(Then.HOLD_REPLY, "row2-needle", COMMIT));
          CompletableFuture<Submit> needle = submitting(round, "needle");
          assertThat(trap.await(SOON)).isTrue();

          cluster.api().kill();

          assertThat(needle.join().outcome()).isEqualTo(Outcome.UNKNOWN);
          cluster.api().start();
          try (var store = cluster.servers().connect()) {
            assertThat(Rows.named(store, "row2-needle")).as("rows that were committed").isOne();
          }
          submit(round, "needle", 0);
        });
  }

  @Test
  void row3TheReplyToTheCommitIsLost() throws Exception {
    row(
        3,
        0,
        round -> {
          for (int i = 0; i < 5; i++) {
            String n = "needle" + i;
            Trap trap = database().set(new Trap(Then.SWALLOW_REPLY, "row3-" + n, COMMIT));
            CompletableFuture<Submit> needle =
                CompletableFuture.supplyAsync(() -> round.load().submitUnkeyed(n, 0));
            assertThat(trap.await(SOON)).isTrue();

            assertThat(needle.join().outcome()).as("asked until known").isEqualTo(Outcome.OK);
          }
        });
  }

  @Test
  void row4FrozenInsideABatchWhileAnotherServes() throws Exception {
    row(
        4,
        0,
        Role.API,
        (round, second) -> {
          second.start();
          Trap trap = database().set(new Trap(Then.HOLD_REQUEST, "row4-", COMMIT));
          assertThat(trap.await(SOON)).isTrue();
          cluster.api().pause();

          // Its transaction stays open. Half of the requests go to the other one.
          round.awaitRuns(5 * RATE);
          pass(Duration.ofSeconds(15));

          cluster.api().resume();
          database().heal();
        });
  }

  private Proxy database() {
    return cluster.api().database();
  }
}
