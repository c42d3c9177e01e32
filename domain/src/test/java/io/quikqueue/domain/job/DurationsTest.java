package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "20s, PT20S",
    "5m, PT5M",
    "1h, PT1H",
    "2d, PT48H",
    "0s, PT0S",
    "PT20S, PT20S",
    "P1DT1H, PT25H",
    "-PT1S, PT-1S"
  })
  void readsWhatItSays(String text, String expected) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "20",
        "20 s",
        "-20s",
        "1.5s",
        "20S",
        "20sec",
        "1w",
        "9999999999999s",
        "PT99999999999999999999S",
        "P1Y",
        "٢٠s",
        "PT00000000000000000000000000000000000000001S"
      })
  void refusesWhatIsNone(String text) {
    assertThat(Durations.parse(text)).isNull();
  }

  @Test
  void writesWhatItReads() {
    for (long millis : new long[] {0, 1, 999, 1_000, 1_500, 60_000, 86_400_000, 31_622_400_000L}) {
      Duration duration = Duration.ofMillis(millis);
      assertThat(Durations.parse(Durations.text(duration))).isEqualTo(duration);
    }
  }
}
