package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class SystemResolverTest {

  @Test
  void asksTheOperatingSystem() throws Exception {
    try (SystemResolver resolver = new SystemResolver(1)) {
      assertThat(resolver.resolve("localhost"))
          .isNotEmpty()
          .allMatch(InetAddress::isLoopbackAddress);
      assertThatExceptionOfType(UnknownHostException.class)
          .isThrownBy(() -> resolver.resolve("no-such-name.invalid"))
          .withMessage("no address found for no-such-name.invalid");
    }
  }
}
