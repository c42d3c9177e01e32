package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import io.quikqueue.servers.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Rows 18 to 20: the ready queue. */
final class RedisFaultsTest extends FaultTest {

  /** How many jobs a worker runs at once. */
  private static final int SLOTS = 100;

  RedisFaultsTest(Cluster cluster) {
    super(cluster);
  }

  private RedisServer redis() {
    return cluster.servers().redis();
  }

  /**
   * Submits what takes all slots and more, and then a job that waits in Redis behind it; again if
   * this machine stood still for so long that it has not waited. Returns its name.
   */
  private String submitBehindOthers(Round round, String others, String n) {
    for (int trial = 0; ; trial++) {
      String needle = n + "-" + trial;
      submitOthers(round, others + trial + "-");
      submit(round, needle, 0);
      String name = round.load().queue() + "-" + needle;
      if (cluster.effects().starts(name) == 0) {
        return name;
      }
    }
  }

  private void submitOthers(Round round, String others) {
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
  }

  @Test
  void row18Flushed() throws Exception {
    withLateSweep(
        () ->
            row(
                18,
                1,
                round -> {
                  String needle = submitBehindOthers(round, "long", "needle");
                  try (RedisClient client = RedisClient.create(redis().uri())) {
                    client.flushAll();
                  }
                  await("rebuilt").atMost(SOON).until(() -> cluster.effects().starts(needle) >= 1);
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
                    String needle = submitBehindOthers(round, "long" + i + "-", "needle" + i);
                    redis().wipe();
                    await("rebuilt")
                        .atMost(SOON)
                        .until(() -> cluster.effects().starts(needle) >= 1);
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
