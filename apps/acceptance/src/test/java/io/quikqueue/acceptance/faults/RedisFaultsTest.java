package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.servers.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Rows 18 to 20: the ready queue. */
final class RedisFaultsTest extends FaultTest {

  private static final Duration REBUILT = Duration.ofSeconds(30);

  RedisFaultsTest(Cluster cluster) {
    super(cluster);
  }

  private RedisServer redis() {
    return cluster.servers().redis();
  }

  @Test
  void row18Flushed() throws Exception {
    row(
        18,
        1,
        round -> {
          // All slots are taken, so that jobs wait in Redis beside those that run.
          for (int i = 0; i < 150; i++) {
            submit(round, "long" + i, 3000);
          }
          submit(round, "needle", 0);
          try (RedisClient client = RedisClient.create(redis().uri())) {
            client.flushAll();
          }
          await("rebuilt")
              .atMost(REBUILT)
              .until(() -> cluster.effects().starts("row18-needle") == 1);
        });
  }

  @Test
  void row19KilledAndRestartedEmpty() throws Exception {
    row(
        19,
        2,
        round -> {
          for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 120; j++) {
              submit(round, "long" + i + "-" + j, 2000);
            }
            String n = "needle" + i;
            submit(round, n, 0);
            redis().wipe();
            await("rebuilt")
                .atMost(REBUILT)
                .until(() -> cluster.effects().starts("row19-" + n) >= 1);
          }
          round.awaitRuns(RATE);
        });
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
          await().atMost(SOON).until(() -> cluster.effects().starts("row20-needle") == 1);
          assertThat(redis().isAlive()).isTrue();
        });
  }
}
