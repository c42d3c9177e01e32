package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogCapsTest {

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();

  @BeforeEach
  void install() {
    LogCaps.install();
  }

  @AfterEach
  void restore() {
    root.setLevel(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.hc",
        "org.apache.hc.client5.http.wire",
        "org.apache.hc.client5.http.headers",
        "jdk.internal.httpclient.debug",
        "org.eclipse.jetty.server.HttpChannel",
        "org.apache.kafka.clients.producer.ProducerConfig",
        "com.mysql.cj",
        "MySQL",
        "redis.clients.jedis.Connection",
        "org.jdbi.sql",
        "liquibase.command"
      })
  void noSettingMakesASecretPrinted(String name) {
    Logger logger = context.getLogger(name);
    for (Level level : new Level[] {Level.DEBUG, Level.TRACE, Level.ALL, null}) {
      root.setLevel(Level.ALL);
      logger.setLevel(level);
      assertThat(logger.isDebugEnabled()).as(level + "").isFalse();
      assertThat(context.getLogger(name + ".below").isDebugEnabled()).isFalse();
    }
    logger.setLevel(Level.ERROR);
    assertThat(logger.isWarnEnabled()).isFalse();
    logger.setLevel(null);
    assertThat(logger.isDebugEnabled()).isFalse();
  }

  @Test
  void headersThatTheJdkLogsAtInfoAreNotPrinted() {
    Logger logger = context.getLogger("jdk.httpclient.HttpClient");
    logger.setLevel(Level.INFO);

    assertThat(logger.isInfoEnabled()).isFalse();
    assertThat(logger.isWarnEnabled()).isTrue();
  }

  @Test
  void theOthersAreFree() {
    Logger logger = context.getLogger("io.quikqueue.runtime.LogCapsTest");
    root.setLevel(Level.DEBUG);

    assertThat(logger.isDebugEnabled()).isTrue();
    assertThat(context.getLogger("org.apache.hcx").isDebugEnabled()).isTrue();
  }
}
