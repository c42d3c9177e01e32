package io.quikqueue.redis;

import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.servers.SharedServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import redis.clients.jedis.RedisClient;

/** Ready queues on the shared Redis, each with a key prefix of its own. */
final class TestQueues implements AutoCloseable {

  /** Short enough to wait for, long enough for a test to get past what it needs remembered. */
  static final Duration MEMORY = Duration.ofSeconds(5);

  private final List<RedisReadyQueue> open = new ArrayList<>();
  private final String prefix = "{test-" + UUID.randomUUID() + "}:";

  RedisReadyQueue open() {
    return open(FieldCipher.NONE);
  }

  RedisReadyQueue open(FieldCipher cipher) {
    RedisReadyQueue queue =
        new RedisReadyQueue(config(SharedServers.redis().uri()), MEMORY, cipher);
    open.add(queue);
    return queue;
  }

  /** The same ready queue, as the version before envelopes uses it. */
  FormerRedisClient openFormer() {
    String uri = SharedServers.redis().uri();
    try (Redis redis = new Redis(config(uri))) {
      return new FormerRedisClient(RedisClient.create(uri), redis.key(""));
    }
  }

  RedisConfig config(String uri) {
    RedisConfig config = new RedisConfig();
    config.setUrl(uri);
    config.setKeyPrefix(prefix);
    config.setTimeout(io.dropwizard.util.Duration.seconds(30)); // for machines with much to do
    return config;
  }

  Set<String> keys() {
    try (RedisClient client = RedisClient.create(SharedServers.redis().uri())) {
      return client.keys(prefix + "*");
    }
  }

  void deleteKeys() {
    Set<String> keys = keys();
    if (!keys.isEmpty()) {
      try (RedisClient client = RedisClient.create(SharedServers.redis().uri())) {
        client.del(keys.toArray(String[]::new));
      }
    }
  }

  static void letPass(Duration duration) {
    await().pollDelay(duration.plusMillis(1)).timeout(duration.plusMinutes(3)).until(() -> true);
  }

  @Override
  public void close() {
    open.forEach(RedisReadyQueue::close);
    deleteKeys();
  }
}
