package io.quikqueue.runtime;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a process can listen where it is to, found out before it touches any data. */
final class Ports {

  private static final String EVERYWHERE = "0.0.0.0";
  private static final int HIGHEST = 65_535;
  private static final String OPTIONS =
      "--port or --admin-port of `up`, or QQ_PORT or QQ_ADMIN_PORT";

  private Ports() {}

  /**
   * Looks at each address of the configuration.
   *
   * @throws SetupException naming the one that cannot be listened on
   */
  static void requireFree(ServerFactory server) {
    List<HttpConnectorFactory> connectors = connectors(server);
    for (HttpConnectorFactory connector : connectors) {
      String host = connector.getBindHost();
      requireFree(host == null ? EVERYWHERE : host, connector.getPort());
    }
    for (int i = 0; i < connectors.size(); i++) {
      int port = connectors.get(i).getPort();
      for (HttpConnectorFactory other : connectors.subList(i + 1, connectors.size())) {
        if (port != 0 && port == other.getPort()) {
          throw new SetupException(
              "port "
                  + port
                  + " is wanted twice, for the API and for the admin port; choose another for one"
                  + " of them with "
                  + OPTIONS);
        }
      }
    }
  }

  private static void requireFree(String host, int port) {
    if (port < 0 || port > HIGHEST) {
      throw new SetupException("a port must be a number from 0 to 65535, not " + port);
    }
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw elsewhere(host, e);
    }
    try {
      bind(address, port);
    } catch (IOException e) {
      requireOwn(address, host);
      throw new SetupException(
          "cannot listen on %s (%s); choose another with %s"
              .formatted(Printable.address(host, port), e.getMessage(), OPTIONS),
          e);
    }
  }

  private static void bind(InetAddress address, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the server will: connections that ended do not count
      socket.bind(new InetSocketAddress(address, port));
    }
  }

  /** No other port would help where the address is another machine's. */
  private static void requireOwn(InetAddress address, String host) {
    try {
      bind(address, 0);
    } catch (IOException e) {
      throw elsewhere(host, e);
    }
  }

  private static SetupException elsewhere(String host, IOException e) {
    return new SetupException(
        "cannot listen on host \"%s\": it is no address of this machine; choose another with --host of `up`, or QQ_HOST or QQ_ADMIN_HOST"
            .formatted(Printable.of(host)),
        e);
  }

  private static List<HttpConnectorFactory> connectors(ServerFactory server) {
    List<ConnectorFactory> all = new ArrayList<>(ofApi(server));
    if (server instanceof DefaultServerFactory two) {
      all.addAll(two.getAdminConnectors());
    }
    return http(all);
  }

  private static List<ConnectorFactory> ofApi(ServerFactory server) {
    return switch (server) {
      case DefaultServerFactory two -> two.getApplicationConnectors();
      case SimpleServerFactory one -> List.of(one.getConnector());
      default -> List.of();
    };
  }

  private static List<HttpConnectorFactory> http(List<ConnectorFactory> connectors) {
    return connectors.stream()
        .filter(HttpConnectorFactory.class::isInstance)
        .map(HttpConnectorFactory.class::cast)
        .toList();
  }

  /** The first host on which the API listens that is not loopback; null = there is none. */
  static @Nullable String beyondLoopback(ServerFactory server) {
    return http(ofApi(server)).stream()
        .map(connector -> connector.getBindHost() == null ? EVERYWHERE : connector.getBindHost())
        .filter(host -> !isLoopback(host))
        .findFirst()
        .orElse(null);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw elsewhere(host, e);
    }
  }
}
