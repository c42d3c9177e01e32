package io.quikqueue.redis;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.quikqueue.domain.port.UnavailableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Calls to Redis, each bounded in time. A call that a dead connection broke is made once more: all
 * may be repeated, since what a lost reply leased is lost with or without that. Everything that
 * Jedis throws becomes {@link UnavailableException}.
 */
final class Redis implements AutoCloseable {

  static final String FULL = "Redis has reached its maxmemory";
  static final String DEPENDENCY = "ready queue";

  /**
   * Stands behind the prefix of every key and goes up with the layout of the keys, so that a
   * process never reads what one with another layout wrote.
   */
  private static final String LAYOUT = "2:";

  private static final Duration RETRY_DELAY = Duration.ofMillis(20);

  /** A subscription that heard nothing for so long is recreated, in case its server is gone. */
  private static final Duration SUBSCRIPTION_SILENCE = Duration.ofSeconds(30);

  private final RedisConfig config;
  private final byte[] prefix;
  private final RedisClient client;
  private final FailsafeExecutor<Object> retrying;

  /** Does not connect yet. */
  Redis(RedisConfig config) {
    this.config = config;
    this.prefix = key("");
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(config.getConnections());
    pool.setMaxIdle(config.getConnections());
    pool.setMaxWait(config.getConnectTimeout().toJavaDuration());
    pool.setJmxEnabled(false);
    this.client =
        RedisClient.builder()
            .hostAndPort(config.address())
            .clientConfig(clientConfig(config))
            .poolConfig(pool)
            .build();
    this.retrying =
        Failsafe.with(
            RetryPolicy.builder()
                .handle(JedisConnectionException.class)
                .abortIf((_, e) -> e != null && e.getCause() instanceof SocketTimeoutException)
                .withMaxRetries(1)
                .withDelay(RETRY_DELAY)
                // One dead connection means that the others in the pool are dead too.
                .onRetry(_ -> client.getPool().clear())
                .build());
  }

  /** Runs a script; the first argument of all, for how long finished attempts count, included. */
  Object run(Script script, List<byte[]> arguments) {
    List<byte[]> keys = List.of(prefix);
    return call(
        jedis -> {
          try {
            return jedis.evalsha(script.sha(), keys, arguments);
          } catch (JedisNoScriptException e) {
            return jedis.eval(script.source(), keys, arguments);
          }
        });
  }

  /** A connection of its own for a subscription; the caller closes it. */
  Connection subscriber() {
    return new Connection(config.address(), clientConfig(config));
  }

  byte[] key(String name) {
    return (config.getKeyPrefix() + LAYOUT + name).getBytes(StandardCharsets.UTF_8);
  }

  /** Deletes what a version of this program left that had the first layout of keys. */
  void dropFirstLayout() {
    String first = config.getKeyPrefix();
    call(
        jedis -> {
          List<String> keys =
              new ArrayList<>(
                  List.of(
                      first + "epoch",
                      first + "jobs",
                      first + "bodies",
                      first + "turns",
                      first + "leases",
                      first + "finished",
                      first + "offsets",
                      first + "sequence"));
          jedis.smembers(first + "queues").forEach(queue -> keys.add(first + "ready:" + queue));
          keys.add(first + "queues");
          return jedis.unlink(keys.toArray(String[]::new));
        });
  }

  @Override
  public void close() {
    client.close();
  }

  /** Makes a call. */
  <T> T call(Function<RedisClient, T> call) {
    try {
      return retrying.get(() -> call.apply(client));
    } catch (JedisDataException e) {
      throw refused(e);
    } catch (JedisException | FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) { // while it waited to try, or for the pool
        Thread.currentThread().interrupt();
      }
      throw new UnavailableException(DEPENDENCY, e);
    } catch (RuntimeException e) { // what Jedis makes of an answer that is none
      throw new UnavailableException(DEPENDENCY, e);
    }
  }

  static UnavailableException unavailable(String why) {
    return new UnavailableException(DEPENDENCY, why);
  }

  private static UnavailableException refused(JedisDataException e) {
    String message = e.getMessage();
    if (message != null && message.contains("OOM command not allowed")) {
      return unavailable(FULL);
    }
    return new UnavailableException(DEPENDENCY, e);
  }

  private static JedisClientConfig clientConfig(RedisConfig config) {
    DefaultJedisClientConfig.Builder builder =
        DefaultJedisClientConfig.builder()
            .resp2()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .connectionTimeoutMillis((int) config.getConnectTimeout().toMilliseconds())
            .socketTimeoutMillis((int) config.getTimeout().toMilliseconds())
            .blockingSocketTimeoutMillis((int) SUBSCRIPTION_SILENCE.toMillis())
            .ssl(JedisURIHelper.isRedisSSLScheme(config.url()))
            .database(config.database());
    String userInfo = config.url().getUserInfo();
    if (userInfo != null) {
      builder.user(JedisURIHelper.getUser(config.url()));
      builder.password(JedisURIHelper.getPassword(config.url()));
    }
    return builder.build();
  }
}
