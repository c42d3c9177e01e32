package io.quikqueue.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FreePortsTest {

  /** Of so many drawn from 20,000 some would be the same. */
  @Test
  void noPortIsGivenTwice() {
    assertThat(IntStream.range(0, 1_000).map(_ -> FreePorts.next()).boxed())
        .doesNotHaveDuplicates();
  }
}
