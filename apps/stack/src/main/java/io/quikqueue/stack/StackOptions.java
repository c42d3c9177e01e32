package io.quikqueue.stack;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code quikqueue stack} was asked for.
 *
 * @param data directory of everything the stack keeps
 * @param port the api's port; 0 takes a free one
 * @param serversOnly whether only MariaDB, Kafka and Redis are wanted
 */
record StackOptions(Path data, int port, boolean serversOnly) {
  static final int DEFAULT_PORT = 8000;

  static final String USAGE =
      """
      usage: quikqueue stack [--data DIR] [--port N] [--servers-only]

        --data DIR      where everything is kept (default data/stack)
        --port N        port of the api (default 8000; 0 takes a free one). The admin ports are
                        8001, 8011, 8021 and 8031 with port 8000, free ones otherwise
        --servers-only  start MariaDB, Kafka and Redis, and say where the settings are to use them with
        --debug         when it cannot start, print all that is known about why
      """;

  StackOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("--port must be 0 to 65535, was " + port);
    }
    data = data.toAbsolutePath().normalize();
  }

  /** Throws an IllegalArgumentException that names the argument at fault. */
  static StackOptions parse(List<String> args) {
    Path data = Path.of("data", "stack");
    OptionalInt port = OptionalInt.empty();
    boolean serversOnly = false;
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String arg = rest.next();
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      switch (name) {
        case "--data" -> data = Path.of(value(name, arg, equals, rest));
        case "--port" -> port = OptionalInt.of(number(name, value(name, arg, equals, rest)));
        case "--servers-only" -> serversOnly = true;
        default -> throw new IllegalArgumentException("unknown argument " + arg);
      }
    }
    if (serversOnly && port.isPresent()) {
      throw new IllegalArgumentException(
          "--port is the api's, which --servers-only does not start");
    }
    return new StackOptions(data, port.orElse(DEFAULT_PORT), serversOnly);
  }

  private static String value(String name, String arg, int equals, Iterator<String> rest) {
    String value = equals >= 0 ? arg.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return value;
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number, was " + value, e);
    }
  }
}
