package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.InvalidFieldException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedHostsTest {

  private static final String LOCAL = "192.0.2.7";

  private final ServedHosts hosts =
      new ServedHosts(List.of("Jobs.example, api", "", " ", "198.51.100.1", "2001:db8::5"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost.",
        "app.localhost",
        "127.0.0.1",
        "127.9.9.9",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "192.0.2.7",
        "[::ffff:192.0.2.7]",
        "jobs.example",
        "JOBS.example.",
        "api",
        "198.51.100.1",
        "[2001:db8::5]"
      })
  void serves(String host) {
    assertThat(hosts.serves(host, LOCAL)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "notlocalhost",
        "jobs.example.evil",
        "x.jobs.example",
        "192.0.2.8",
        "[2001:db8::6]",
        "10.0.0.1",
        "",
        ".",
        "[",
        "::"
      })
  void doesNotServe(String host) {
    assertThat(hosts.serves(host, LOCAL)).isFalse();
  }

  @Test
  void servesTheAddressOfTheConnection() {
    assertThat(hosts.serves("[fe80::1]", "fe80:0:0:0:0:0:0:1%eth0")).isTrue();
    assertThat(hosts.serves("[fe80::1]", "[fe80::1]")).isTrue();
    assertThat(hosts.serves("[fe80::2]", "fe80::1")).isFalse();
  }

  @Test
  void servesAnyNameWhenToldTo() {
    assertThat(new ServedHosts(List.of("*")).serves("evil.example", LOCAL)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"api:8000", "http://api", "*.example", "a b", "[::1]:80", "-a", "a/b"})
  void refusesWhatIsNoHost(String host) {
    assertThatThrownBy(() -> new ServedHosts(List.of(host)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining(host);
  }
}
