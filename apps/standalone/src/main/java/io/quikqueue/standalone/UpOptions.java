package io.quikqueue.standalone;

import io.quikqueue.runtime.BoundHost;
import io.quikqueue.runtime.Printable;
import io.quikqueue.runtime.UsageException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The options of {@code quikqueue up}, as the variables that the configuration file names.
 *
 * @param variables name to value
 */
record UpOptions(Map<String, String> variables) {

  static final String USAGE =
      """
      usage: quikqueue up [--port N] [--admin-port N] [--host H] [--data DIR]

      The whole service in one process, on one SQLite file. An option goes before its variable.

        --port N        port of the API (default 8000; QQ_PORT)
        --admin-port N  port of health and metrics (default 8001; QQ_ADMIN_PORT)
        --host H        address that the API listens on (default 127.0.0.1; QQ_HOST)
        --data DIR      folder of the SQLite file (default ./data; QQ_DATA)

      """;

  /**
   * Reads {@code --name value} and {@code --name=value}.
   *
   * @throws UsageException saying what is wrong
   */
  static UpOptions parse(List<String> arguments) {
    Map<String, String> variables = new HashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String variable =
          switch (name) {
            case "--port" -> "QQ_PORT";
            case "--admin-port" -> "QQ_ADMIN_PORT";
            case "--host" -> "QQ_HOST";
            case "--data" -> "QQ_DATA";
            default -> throw new UsageException("up: unknown option " + Printable.of(name));
          };
      if (equals < 0 && !rest.hasNext()) {
        throw new UsageException("up: " + name + " needs a value");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      if (value.isBlank()) {
        throw new UsageException("up: " + name + " needs a value");
      }
      if (variable.endsWith("PORT")) {
        requirePort(name, value);
      }
      if (variable.endsWith("HOST") && !BoundHost.isOne(value)) {
        throw new UsageException("up: " + name + " " + BoundHost.RULE + Printable.of(value) + '"');
      }
      variables.put(variable, value);
    }
    return new UpOptions(Map.copyOf(variables));
  }

  /** The value of a variable: as given, else from the environment, else by default. */
  String value(String variable, String otherwise) {
    String given = variables.get(variable);
    String set = given == null ? System.getenv(variable) : given;
    return set == null || set.isEmpty() ? otherwise : set;
  }

  /** Where the service reaches itself. */
  String self() {
    String host = value("QQ_HOST", "127.0.0.1");
    String port = value("QQ_PORT", "8000");
    String reachable =
        switch (host) {
          case "0.0.0.0", "::", "*" -> "127.0.0.1";
          default -> host.contains(":") ? "[" + host + "]" : host;
        };
    return reachable + ":" + port;
  }

  /** Where the admin port is. */
  String admin() {
    String host = value("QQ_ADMIN_HOST", "127.0.0.1");
    String name = Printable.of(host);
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + value("QQ_ADMIN_PORT", "8001");
  }

  private static void requirePort(String name, String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(
        "up: " + name + " must be a number from 1 to 65535, not " + Printable.of(value));
  }
}
