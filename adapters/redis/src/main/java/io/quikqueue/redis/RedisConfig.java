package io.quikqueue.redis;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Which Redis (6.2 or newer) holds the ready queue, and how it is reached. Redis must not evict:
 * {@code maxmemory-policy noeviction}, which is its default.
 */
public final class RedisConfig {

  private static final int DEFAULT_PORT = 6379;

  private URI url = URI.create("redis://127.0.0.1:6379/0");

  @NotBlank private String keyPrefix = "{qq}:";

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
  private Duration connectTimeout = Duration.seconds(2);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
  private Duration timeout = Duration.seconds(2);

  @Min(1)
  @Max(1_000)
  private int connections = 8;

  /**
   * Sets the server: {@code redis://user:password@host:port/db}, or {@code rediss://} for TLS; all
   * but the host may be left out. Default {@code redis://127.0.0.1:6379/0}.
   *
   * @throws IllegalArgumentException when it cannot be read; the message does not repeat it
   */
  @JsonProperty
  public void setUrl(String url) {
    this.url = parse(url);
  }

  /**
   * What every key begins with; systems that share a Redis need different ones. Braces make Redis
   * Cluster keep all keys in one slot. Default <code>{qq}:</code>.
   */
  @JsonProperty
  public String getKeyPrefix() {
    return keyPrefix;
  }

  @JsonProperty
  public void setKeyPrefix(String keyPrefix) {
    this.keyPrefix = keyPrefix;
  }

  /** The longest wait for a connection, new or from the pool; default 2 s. */
  @JsonProperty
  public Duration getConnectTimeout() {
    return connectTimeout;
  }

  @JsonProperty
  public void setConnectTimeout(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  /** The longest wait for an answer; default 2 s. */
  @JsonProperty
  public Duration getTimeout() {
    return timeout;
  }

  @JsonProperty
  public void setTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  /** Connections for calls; takers that wait share one more. Default 8. */
  @JsonProperty
  public int getConnections() {
    return connections;
  }

  @JsonProperty
  public void setConnections(int connections) {
    this.connections = connections;
  }

  /** The server and database, without user and password. */
  @Override
  public String toString() {
    String credentials = url.getUserInfo() == null ? "" : "[REDACTED]@";
    return url.getScheme() + "://" + credentials + address() + "/" + database();
  }

  /** Where the server is, {@code host:port}, without user and password. */
  public String server() {
    return address().toString();
  }

  HostAndPort address() {
    return new HostAndPort(url.getHost(), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
  }

  URI url() {
    return url;
  }

  int database() {
    return JedisURIHelper.getDBIndex(url);
  }

  private static URI parse(String text) {
    URI url;
    try {
      url = new URI(text);
      JedisURIHelper.getPassword(url);
      if (JedisURIHelper.getDBIndex(url) < 0 || url.getPort() == 0 || url.getPort() > 65_535) {
        throw malformed();
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw malformed(); // without the cause, whose message repeats the password
    }
    if (url.getHost() == null
        || !(JedisURIHelper.isRedisScheme(url) || JedisURIHelper.isRedisSSLScheme(url))) {
      throw malformed();
    }
    return url;
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "must be redis://user:password@host:port/db, with %XX for special characters");
  }
}
