package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import io.quikqueue.servers.RedisServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Rows 18 to 20: the ready queue. */
final class RedisFaultsTest extends FaultTest {

  /** How many jobs a worker runs at once. */
  private static final int SLOTS = 100;

  /** The sweep looks at nothing younger. */
  private static final Duration SWEEP_AGE = Duration.ofSeconds(120);

  /** Sooner than the sweep would put anything back. */
  private static final Duration REBUILT = SWEEP_AGE.minusSeconds(15);

  RedisFaultsTest(Cluster cluster) {
    super(cluster);
  }

  private RedisServer redis() {
    return cluster.servers().redis();
  }

  /** Submits what takes all slots and more, and then a job that waits in Redis behind it. */
  private void submitBehindOthers(Round round, String others, String n) {
    assertThat(round.load().submitAll(others, 3 * SLOTS, 6000))
        .extracting(Submit::outcome)
        .containsOnly(Outcome.OK);
    String prefix = round.load().queue() + "-";
    await("all slots are taken")
        .atMost(SOON)
        .until(
            () ->
                cluster.effects().of(prefix + others).stream().filter(Effect::started).count()
                    >= SLOTS);
    submit(round, n, 0);
    assertThat(cluster.effects().starts(prefix + n)).as("starts of what waits").isZero();
  }

  /** So that it is the rebuild that puts back what was lost, however long it takes. */
  private void withLateSweep(Callable<?> row) throws Exception {
    withOptions(
        cluster.scheduler(), "-Ddw.scheduling.sweepAge=" + SWEEP_AGE.toSeconds() + "s", row);
  }

  @Test
  void row18Flushed() throws Exception {
    withLateSweep(
        () ->
            row(
                18,
                1,
                round -> {
                  submitBehindOthers(round, "long", "needle");
                  try (RedisClient client = RedisClient.create(redis().uri())) {
                    client.flushAll();
                  }
                  await("rebuilt")
                      .atMost(REBUILT)
                      .until(() -> cluster.effects().starts("row18-needle") == 1);
                }));
  }

  @Test
  void row19KilledAndRestartedEmpty() throws Exception {
    withLateSweep(
        () ->
            row(
                19,
                2,
                round -> {
                  for (int i = 0; i < 2; i++) {
                    String n = "needle" + i;
                    submitBehindOthers(round, "long" + i + "-", n);
                    redis().wipe();
                    await("rebuilt")
                        .atMost(REBUILT)
                        .until(() -> cluster.effects().starts("row19-" + n) >= 1);
                  }
                  round.awaitRuns(RATE);
                }));
  }

  @Test
  void row20OutOfMemory() throws Exception {
    row(
        20,
        0,
        round -> {
          try (RedisClient client = RedisClient.create(redis().uri())) {
            client.configSet("maxmemory", "1mb");
            await("the consumer is unhealthy")
                .atMost(SOON)
                .until(() -> cluster.consumer().admin().get("/healthcheck").status() == 500);
            pass(Duration.ofSeconds(10));
            submit(round, "needle", 0);
            client.configSet("maxmemory", "0");
          }
          await("healthy again")
              .atMost(SOON)
              .until(() -> cluster.consumer().admin().get("/healthcheck").status() == 200);
          await("what was refused runs")
              .atMost(SOON)
              .until(() -> cluster.effects().starts("row20-needle") == 1);
          assertThat(redis().isAlive()).isTrue();
        });
  }
}
