package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessConfigTest {

  private final AccessConfig access = new AccessConfig();

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void nobodyElseIsLetInUnlessSomebodySaidSo(String host) {
    assertThatThrownBy(() -> access.requireSafe(server(host)))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(
            "the API would listen on " + (host == null ? "0.0.0.0" : host) + ", where other")
        .hasMessageContaining("QQ_ACCESS=keys")
        .hasMessageContaining("QQ_ACCESS=open");
    SimpleServerFactory simple = new SimpleServerFactory();
    simple.setConnector(connector(host));
    assertThatThrownBy(() -> access.requireSafe(simple)).isInstanceOf(SetupException.class);

    for (String mode : List.of("open", "keys")) {
      access.setMode(mode);
      assertThatCode(() -> access.requireSafe(server(host))).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.9.9.9"})
  void loopbackIsSafe(String host) {
    assertThatCode(() -> access.requireSafe(server(host))).doesNotThrowAnyException();
  }

  @Test
  void whereOnlyTheAdminPortIsBeyondLoopbackNothingIsDecidedHere() {
    DefaultServerFactory server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(connector("127.0.0.1")));
    server.setAdminConnectors(List.of(connector("0.0.0.0")));

    assertThatCode(() -> access.requireSafe(server)).doesNotThrowAnyException();
  }

  private static ServerFactory server(String host) {
    DefaultServerFactory server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(connector("127.0.0.1"), connector(host)));
    server.setAdminConnectors(List.of(connector("127.0.0.1")));
    return server;
  }

  private static HttpConnectorFactory connector(String host) {
    HttpConnectorFactory connector = new HttpConnectorFactory();
    connector.setBindHost(host);
    return connector;
  }
}
