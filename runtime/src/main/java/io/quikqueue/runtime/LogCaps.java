package io.quikqueue.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Keeps libraries from printing what they carry for others: headers and bodies of requests,
 * statements with their values, passwords in URLs. Their loggers print nothing below a level,
 * whatever the configuration or anyone at run time sets. Costs nothing while logging, since it acts
 * when a level is set.
 */
final class LogCaps implements LoggerContextListener {

  private static final Map<String, Level> LEAST =
      Map.ofEntries(
          Map.entry("jdk.httpclient", Level.WARN), // it logs headers at INFO
          Map.entry("jdk.internal.httpclient", Level.WARN),
          Map.entry("sun.net.www.protocol.http", Level.WARN),
          Map.entry("org.apache.hc", Level.INFO),
          Map.entry("org.eclipse.jetty", Level.INFO),
          Map.entry("org.glassfish.jersey", Level.INFO),
          Map.entry("org.apache.kafka", Level.WARN), // its clients log their settings at INFO
          Map.entry("redis.clients", Level.INFO),
          Map.entry("MySQL", Level.WARN),
          Map.entry("com.mysql", Level.WARN),
          Map.entry("org.jdbi", Level.INFO),
          Map.entry("org.apache.tomcat.jdbc", Level.INFO),
          Map.entry("liquibase", Level.INFO),
          Map.entry("org.sqlite", Level.INFO));

  private LogCaps() {}

  /** Caps the loggers of this process from now on. */
  static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      LogCaps caps = new LogCaps();
      context.addListener(caps);
      caps.onReset(context);
    }
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onLevelChange(Logger logger, Level level) {
    Level least = least(logger.getName());
    if (least != null && !least.equals(level)) {
      cap(logger, least);
    }
  }

  @Override
  public void onReset(LoggerContext context) {
    LEAST.forEach((name, least) -> cap(context.getLogger(name), least));
    for (Logger logger : context.getLoggerList()) {
      onLevelChange(logger, logger.getEffectiveLevel());
    }
  }

  @Override
  public void onStart(LoggerContext context) {}

  @Override
  public void onStop(LoggerContext context) {}

  /** One without a level of its own has its parent's. */
  private static void cap(Logger logger, Level least) {
    boolean first = LEAST.containsKey(logger.getName());
    if (!logger.getEffectiveLevel().isGreaterOrEqual(least)
        || (first && logger.getLevel() == null)) {
      logger.setLevel(least);
    }
  }

  private static @Nullable Level least(String name) {
    for (String prefix = name; !prefix.isEmpty(); ) {
      Level least = LEAST.get(prefix);
      if (least != null) {
        return least;
      }
      int dot = prefix.lastIndexOf('.');
      prefix = dot < 0 ? "" : prefix.substring(0, dot);
    }
    return null;
  }
}
