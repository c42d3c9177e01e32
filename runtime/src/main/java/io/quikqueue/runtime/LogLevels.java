package io.quikqueue.runtime;

import static java.util.Locale.ROOT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Checks the levels in the configuration of the log: the library takes an unknown one for DEBUG.
 */
final class LogLevels {

  private static final Set<String> KNOWN =
      Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");

  private LogLevels() {}

  /**
   * Checks {@code level}, those of {@code loggers} and the {@code threshold} of appenders.
   *
   * @throws SetupException that names the first setting whose level is unknown
   */
  static void check(JsonNode logging) {
    check("logging.level", logging.path("level"));
    logging
        .path("loggers")
        .properties()
        .forEach(
            logger -> {
              String name = "logging.loggers." + logger.getKey();
              JsonNode value = logger.getValue();
              if (value.isObject()) {
                check(name + ".level", value.path("level"));
                checkAppenders(name, value);
              } else {
                check(name, value);
              }
            });
    checkAppenders("logging", logging);
  }

  private static void checkAppenders(String name, JsonNode parent) {
    int i = 0;
    for (JsonNode appender : parent.path("appenders")) {
      check("%s.appenders[%d].threshold".formatted(name, i++), appender.path("threshold"));
    }
  }

  private static void check(String name, JsonNode level) {
    boolean isOff = level.isBoolean() && !level.asBoolean(); // so YAML reads the word off
    if (!level.isMissingNode() && !isOff && !KNOWN.contains(level.asText().toUpperCase(ROOT))) {
      throw new SetupException(
          "%s must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE and ALL, not %s"
              .formatted(name, Printable.of(level.asText())));
    }
  }
}
