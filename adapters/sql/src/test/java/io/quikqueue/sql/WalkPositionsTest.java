package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.JobId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WalkPositionsTest {

  private static final long HALF_A_MINUTE = Duration.ofSeconds(30).toNanos();

  private final WalkPositions<String> positions = new WalkPositions<>();
  private final JobId first = new Jobs().anId();
  private final JobId second = new Jobs().anId();

  @Test
  void aSearchBeginsWhereTheOneBeforeFoundNothingUpTo() {
    assertThat(positions.of("a", 0)).isNull();
    positions.passed("a", first, 0);
    positions.passed("a", second, 1);

    assertThat(positions.of("a", 2)).isEqualTo(second);
    assertThat(positions.of("b", 2)).isNull();
  }

  @Test
  void aPositionIsForgottenHalfAMinuteAfterTheSearchThatBeganAtTheOldest() {
    positions.passed("a", first, 0);
    positions.passed("a", second, HALF_A_MINUTE - 1);
    assertThat(positions.of("a", HALF_A_MINUTE - 1)).isEqualTo(second);

    assertThat(positions.of("a", HALF_A_MINUTE)).isNull();
    positions.passed("a", first, HALF_A_MINUTE);
    assertThat(positions.of("a", 2 * HALF_A_MINUTE - 1)).isEqualTo(first);
  }

  @Test
  void positionsAreBounded() {
    for (int i = 0; i <= 1_000; i++) {
      positions.passed("p" + i, first, 0);
    }

    assertThat(positions.of("p0", 0)).isNull();
    assertThat(positions.of("p1", 0)).isEqualTo(first);
    assertThat(positions.of("p1000", 0)).isEqualTo(first);
  }
}
