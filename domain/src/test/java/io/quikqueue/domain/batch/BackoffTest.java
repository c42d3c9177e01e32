package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));

  @Test
  void doublesUpToTheLongestAndStaysThere() {
    assertThat(backoff.next()).hasMillis(100);
    assertThat(backoff.next()).hasMillis(200);
    assertThat(backoff.next()).hasMillis(350);
    assertThat(backoff.next()).hasMillis(350);
  }

  @Test
  void beginsAnewOnceReset() {
    backoff.next();
    backoff.next();
    backoff.reset();
    assertThat(backoff.next()).hasMillis(100);
  }
}
