package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    HttpConnectorFactory connector = new HttpConnectorFactory();
    connector.setBindHost(host);
    connector.setPort(port);
    SimpleServerFactory server = new SimpleServerFactory();
    server.setConnector(connector);
    return server;
  }
}
