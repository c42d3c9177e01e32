package io.quikqueue.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockRollbackDetectorTest {

  private long wall = 1_000_000;
  private long nanos = -5;
  private final ClockRollbackDetector clock = new ClockRollbackDetector(() -> wall, () -> nanos);

  @Test
  void noticesAClockSetBackOnce() {
    pass(Duration.ofMinutes(1));
    wall -= 3_600_000;

    assertThat(clock.noticed()).isTrue();
    assertThat(clock.noticed()).isFalse();
  }

  @Test
  void timeThatPassesAndClocksSetAheadMakeNoDifference() {
    assertThat(clock.noticed()).isFalse();
    pass(Duration.ofHours(3));
    assertThat(clock.noticed()).isFalse();
    wall += 3_600_000;
    assertThat(clock.noticed()).isFalse();
  }

  @Test
  void aClockThatIsCorrectedALittleIsNotSetBack() {
    wall -= 900;
    assertThat(clock.noticed()).isFalse();
  }

  @Test
  void noticesThatALongPauseHidAJump() {
    wall += 3_600_000;
    assertThat(clock.noticed()).isFalse();
    pass(Duration.ofHours(2));
    wall -= 3_600_000;
    assertThat(clock.noticed()).isTrue();
  }

  private void pass(Duration time) {
    wall += time.toMillis();
    nanos += time.toNanos();
  }
}
