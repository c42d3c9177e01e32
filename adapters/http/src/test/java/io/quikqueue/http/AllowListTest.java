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
    assertThat(permits(allow, "GET", "http://" + host + ":" + port, address)).isEqualTo(named);
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
        "POST 10.0.0.0/8",
        "ftp://e.com:80/",
        "e.com:80/a%2fb",
        "e.com:80/a?b",
        "e.com/a",
      })
  void namesTheEntryItCannotRead(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AllowList(List.of("10.0.0.0/8", entry)))
        .withMessageContaining("'" + entry + "'");
  }

  private static boolean permits(AllowList allow, String method, String url, String address) {
    return allow.permits(method, CallUrl.parse(url), InetAddress.ofLiteral(address));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, http://127.0.0.1:8000/echo,            true",
    "POST, http://127.0.0.1:8000/echo/,           true",
    "POST, http://127.0.0.1:8000/echo/a%20b?c=d,  true",
    "POST, http://127.0.0.1:8000/x/../echo,       true",
    "POST, http://localhost:8000/echo,            true",
    "GET,  http://127.0.0.1:8000/echo,            false",
    "POST, https://127.0.0.1:8000/echo,           false",
    "POST, http://127.0.0.1:8000/,                false",
    "POST, http://127.0.0.1:8000/v1/jobs,         false",
    "POST, http://127.0.0.1:8000/echoes,          false",
    "POST, http://127.0.0.1:8000/ECHO,            false",
    "POST, http://127.0.0.1:8000//echo,           false",
    "POST, http://127.0.0.1:8000/echo//v1/jobs,   false",
    "POST, http://127.0.0.1:8000/echo/../v1/jobs, false",
    "POST, http://127.0.0.1:8000/echo/..,         false",
    "POST, http://127.0.0.1:8000/echo/%2e%2e/v1,  false",
    "POST, http://127.0.0.1:8000/echo/.%2E/v1,    false",
    "POST, http://127.0.0.1:8000/echo\\..\\v1,    false",
    "POST, http://127.0.0.1:8000/echo/%2e%2e%2fv1, false",
    "POST, http://127.0.0.1:8000/echo/..%5cv1,    false",
    "POST, http://127.0.0.1:8000/echo%2f..%2fv1,  false",
    "POST, http://127.0.0.1:8000/echo/%252e%252e/v1, false",
    "POST, http://127.0.0.1:8000/echo/..;/v1,     false",
    "POST, http://127.0.0.1:8000/echo/%3b,        false",
    "POST, http://127.0.0.1:8000/echo/%c0%ae%c0%ae/v1, false",
    "POST, http://127.0.0.1:8000/echo/%00,        false",
    "POST, http://127.0.0.1:8000/echo/%zz,        false",
    "POST, http://127.0.0.1:8000/echo?/../v1,     true",
  })
  void aPathIsMatchedByWholeSegmentsAsEveryServerReadsIt(
      String method, String url, boolean permitted) {
    // the block covers the address too: of what an entry names by its port it says nothing
    AllowList list = new AllowList(List.of("post http://127.0.0.1:8000/echo", "127.0.0.0/8"));

    assertThat(permits(list, method, url, "127.0.0.1")).isEqualTo(permitted);
    assertThat(permits(list, method, url.replace("8000", "8001"), "127.0.0.1")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8000/echo,       POST, http://127.0.0.1:8000/echo,    true",
    "127.0.0.1:8000/echo/,      GET,  http://127.0.0.1:8000/echo/x,  true",
    "127.0.0.1:8000/echo,       GET,  http://127.0.0.1:8000/v1/jobs, false",
    "127.0.0.1:8000/,           GET,  http://127.0.0.1:8000/v1/jobs, true",
    "GET 127.0.0.1:8000,        GET,  http://127.0.0.1:8000/v1/jobs, true",
    "GET 127.0.0.1:8000,        POST, http://127.0.0.1:8000/v1/jobs, false",
    "http://local_service/a/b,  PUT,  http://local_service/a/b/c,    true",
    "http://local_service/a/b,  PUT,  http://local_service/a,        false",
    "https://local_service,     PUT,  https://local_service/a,       true",
    "münchen.internal:80,       GET,  http://MÜNCHEN.internal/,      true",
    "[::1]:8000/a,              GET,  http://[::1]:8000/a,           false",
  })
  void anEntryMayNameMethodAndPath(String entry, String method, String url, boolean permitted) {
    assertThat(permits(new AllowList(List.of(entry)), method, url, "127.0.0.1"))
        .isEqualTo(permitted);
  }

  @Test
  void givesNobodyAPassWhenEmpty() {
    assertThat(permits(new AllowList(List.of()), "GET", "http://localhost", "127.0.0.1")).isFalse();
  }
}
