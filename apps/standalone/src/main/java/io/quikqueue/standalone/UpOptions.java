package io.quikqueue.standalone;

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
      "usage: quikqueue up [--port 8000] [--admin-port 8001] [--host 127.0.0.1] [--data ./data]";

  /**
   * Reads {@code --name value} and {@code --name=value}.
   *
   * @throws IllegalArgumentException saying what is wrong
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
            default -> throw new IllegalArgumentException("unknown option " + name);
          };
      if (equals < 0 && !rest.hasNext()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      if (variable.endsWith("PORT")) {
        requirePort(name, value);
      } else if (value.isBlank()) {
        throw new IllegalArgumentException(name + " needs a value");
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

  private static void requirePort(String name, String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(name + " must be a number from 1 to 65535, not " + value);
  }
}
