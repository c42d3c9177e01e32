package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {

  @Test
  void speaksOfThePortWhenThatIsInTheWay() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> Ports.requireFree(server("127.0.0.1", taken.getLocalPort())))
          .isInstanceOf(SetupException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort() + " (")
          .hasMessageContaining("choose another with --port");
    }
    assertThatCode(() -> Ports.requireFree(server("127.0.0.1", 0))).doesNotThrowAnyException();
  }

  @Test
  void saysHowToMendAPortThatIsWantedTwice() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      free = socket.getLocalPort();
    }
    DefaultServerFactory server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(connector("127.0.0.1", free)));
    server.setAdminConnectors(List.of(connector("127.0.0.1", free)));

    assertThatThrownBy(() -> Ports.requireFree(server))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(
            "port " + free + " is wanted twice, for the API and for the admin port; ")
        .hasMessageContaining("choose another for one of them with --port or --admin-port");
  }

  /** The addresses are for documentation: no machine has them. */
  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "198.51.100.7", "no such host"})
  void speaksOfTheHostWhenItIsNotOfThisMachine(String host) {
    assertThatThrownBy(() -> Ports.requireFree(server(host, 0)))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(
            "cannot listen on host \"" + host + "\": it is no address of this machine; choose")
        .hasMessageContaining("--host");
  }

  private static SimpleServerFactory server(String host, int port) {
    SimpleServerFactory server = new SimpleServerFactory();
    server.setConnector(connector(host, port));
    return server;
  }

  private static HttpConnectorFactory connector(String host, int port) {
    HttpConnectorFactory connector = new HttpConnectorFactory();
    connector.setBindHost(host);
    connector.setPort(port);
    return connector;
  }
}
