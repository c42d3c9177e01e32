package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {

  private final AllowList allow =
      new AllowList(
          List.of(
              "127.0.0.1:8000",
              "10.0.0.0/8",
              "Hooks.Internal:443",
              "[fd00::1]:9000",
              "fd12::/32",
              "172.16.5.4/32"));

  @ParameterizedTest
  @CsvSource({
    "anything,       127.0.0.1,        8000, true",
    "anything,       ::ffff:127.0.0.1, 8000, true",
    "anything,       127.0.0.1,        8001, false",
    "anything,       127.0.0.2,        8000, false",
    "anything,       10.0.0.0,         1,    true",
    "anything,       10.255.255.255,   80,   true",
    "anything,       11.0.0.0,         80,   false",
    "hooks.internal, 192.168.7.7,      443,  true",
    "HOOKS.INTERNAL, 192.168.7.7,      443,  true",
    "hooks.internal., 192.168.7.7,     443,  true",
    "hooks.internal, 192.168.7.7,      80,   false",
    "xhooks.internal, 192.168.7.7,     443,  false",
    "anything,       fd00::1,          9000, true",
    "anything,       fd00::2,          9000, false",
    "anything,       fd12:0:ffff::1,   1,    true",
    "anything,       fd12:1::1,        1,    false",
    "anything,       172.16.5.4,       1,    true",
    "anything,       172.16.5.5,       1,    false",
  })
  void namesWhatItsEntriesSay(String host, String address, int port, boolean named) {
    assertThat(allow.names(host, InetAddress.ofLiteral(address), port)).isEqualTo(named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        ":80",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:http",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.1/8",
        "fd00::1:9000/x",
        "fd00::1:9000",
        "host/8",
        "127.1:80",
        "0x7f.0.0.1:80",
        "010.0.0.0/8",
      })
  void namesTheEntryItCannotRead(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AllowList(List.of("10.0.0.0/8", entry)))
        .withMessageContaining("'" + entry + "'");
  }

  @Test
  void givesNobodyAPassWhenEmpty() {
    assertThat(new AllowList(List.of()).names("localhost", InetAddress.ofLiteral("127.0.0.1"), 80))
        .isFalse();
  }
}
