package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

final class RedisConfigTest {

  private final RedisConfig config = new RedisConfig();

  @ParameterizedTest
  @CsvSource({
    "redis://redis.example, redis.example, 6379, 0",
    "redis://redis.example:7000/3, redis.example, 7000, 3",
    "rediss://user:pa%40ss@redis.example:7000/, redis.example, 7000, 0",
    "redis://:pass@[::1]:7000/1, [::1], 7000, 1",
  })
  void readsUrls(String url, String host, int port, int database) {
    config.setUrl(url);

    assertThat(config.address()).isEqualTo(new HostAndPort(host, port));
    assertThat(config.database()).isEqualTo(database);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u:s3cret@redis.example",
        "redis://u:s3cret@",
        "redis://u:s3 cret@redis.example",
        "redis://u:s3cret@redis.example/zero",
        "redis://s3cret@redis.example",
        "s3cret",
        ""
      })
  void refusesWhatIsNoUrlWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> config.setUrl(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining("redis://user:password@host:port/db")
        .hasMessageNotContaining("s3");
  }

  @Test
  void doesNotPrintThePassword() {
    config.setUrl("redis://user:s3cret@redis.example/2");

    assertThat(config).hasToString("redis://[REDACTED]@redis.example:6379/2");
  }
}
