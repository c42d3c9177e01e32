package io.quikqueue.domain.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class UnavailableExceptionTest {

  @Test
  void tellsOnTheFirstLineOfWhatItsCauseSays() {
    assertThat(new UnavailableException("store", new IOException("refused\n\nlast packet: 0 ms")))
        .hasMessage("store is unavailable: refused");
  }

  @Test
  void namesACauseThatSaysNothing() {
    assertThat(new UnavailableException("stream", new IOException()))
        .hasMessage("stream is unavailable: IOException");
    assertThat(new UnavailableException("stream", new IOException("")))
        .hasMessage("stream is unavailable: IOException");
  }
}
