package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "127.0.0.1, 127.0.0.1",
    "2001:db8:1:2:3:4:5:6, 2001:0db8:0001:0002::/64",
    "2001:db8:1:2::, 2001:0db8:0001:0002::/64",
    "2001:db8:1:3::, 2001:0db8:0001:0003::/64",
    "::1, 0000:0000:0000:0000::/64",
    "::ffff:192.0.2.7, 192.0.2.7",
  })
  void areToldApartByAddressOrNetwork(String address, String caller) {
    InetSocketAddress socket = new InetSocketAddress(InetAddress.ofLiteral(address), 1);

    assertThat(Callers.address(socket)).isEqualTo(caller);
  }

  @Test
  void withoutAnAddressAreOne() {
    assertThat(Callers.address((java.net.SocketAddress) null)).isEqualTo("unknown");
    assertThat(Callers.address(InetSocketAddress.createUnresolved("a.example", 1)))
        .isEqualTo("unknown");
  }
}
