package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PaceTest {

  @Test
  @Timeout(10)
  void theFirstRoundDoesNotWait() {
    Pace pace = new Pace(Duration.ofHours(1));
    long begin = System.nanoTime();

    pace.await();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void roundsBeginAtLeastSoFarApart() {
    Pace pace = new Pace(Duration.ofMillis(5));
    long begin = System.nanoTime();

    for (int i = 0; i < 5; i++) {
      pace.await();
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  @Timeout(10)
  void anInterruptedThreadDoesNotWait() {
    Pace pace = new Pace(Duration.ofHours(1));
    pace.await();

    Thread.currentThread().interrupt();
    pace.await();

    assertThat(Thread.interrupted()).isTrue();
  }
}
