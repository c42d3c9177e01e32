package io.quikqueue.runtime;

import io.dropwizard.core.setup.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line of the log by which a process says that it is up: what it is, where it listens, and
 * which servers it uses.
 */
final class StartLine {

  private static final Logger LOG = LoggerFactory.getLogger(StartLine.class);
  private static final String ADMIN = "admin";

  private StartLine() {}

  /**
   * Has the process write the line once it listens.
   *
   * @param service what it is, such as {@code api}
   * @param servers what it uses by its role, such as {@code store}, and where that is, as of when
   *     it listens; without user and password
   */
  static void add(Environment environment, String service, Map<String, String> servers) {
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server -> LOG.info("{}", text(service, listens(server), servers)));
  }

  static String text(String service, List<String> listens, Map<String, String> servers) {
    List<String> parts = new ArrayList<>(List.of("event=started", "service=" + service));
    parts.addAll(listens);
    new TreeMap<>(servers).forEach((role, where) -> parts.add(role + "=" + Printable.of(where)));
    return String.join(" ", parts);
  }

  /** A process with one port has it for administration. */
  private static List<String> listens(Server server) {
    List<NetworkConnector> connectors =
        Stream.of(server.getConnectors())
            .filter(NetworkConnector.class::isInstance)
            .map(NetworkConnector.class::cast)
            .toList();
    return connectors.stream()
        .map(
            connector ->
                (connectors.size() == 1 || ADMIN.equals(connector.getName()) ? ADMIN : "api")
                    + "="
                    + Printable.address(
                        connector.getHost() == null ? "*" : connector.getHost(),
                        connector.getLocalPort()))
        .toList();
  }
}
