package io.quikqueue.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
  @Test
  void takesAFreePortAndDefaultMemoryUnlessToldOtherwise() {
    ServerOptions options = ServerOptions.in(Path.of("data"));

    assertThat(options.port()).isZero();
    assertThat(options.memoryMb()).isZero();
    assertThat(options.dir()).isAbsolute();
    assertThat(options.withPort(4711).withMemoryMb(64))
        .isEqualTo(new ServerOptions(options.dir(), 4711, 64, false));
    assertThat(options.beingNice().withPort(4711).withMemoryMb(64))
        .isEqualTo(new ServerOptions(options.dir(), 4711, 64, true));
  }

  @Test
  void refusesAPortOutOfRangeAndNegativeMemory() {
    ServerOptions options = ServerOptions.in(Path.of("data"));

    assertThatThrownBy(() -> options.withPort(65_536)).hasMessageContaining("65536");
    assertThatThrownBy(() -> options.withMemoryMb(-1)).hasMessageContaining("-1");
  }
}
