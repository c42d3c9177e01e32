package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | PT1S",
        " 30 | PT30S",
        "007 | PT7S",
        "3600 | PT1H",
        "3601 | PT1H",
        "99999999999999999999 | PT1H",
        "Sun, 29 Nov 2026 09:00:30 GMT | PT30S",
        "Sunday, 29-Nov-26 09:02:00 GMT | PT2M",
        "Mon, 30 Nov 2026 09:00:00 GMT | PT1H"
      })
  void readsSecondsAndDatesUpToAnHour(String header, Duration wait) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(wait);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "0",
        "000",
        "-5",
        "+5",
        "1.5",
        "5s",
        "soon",
        "Sun, 29 Nov 2026 09:00:00 GMT",
        "Sun, 29 Nov 2026 08:59:59 GMT",
        "Sun, 99 Nov 2026 09:00:30 GMT"
      })
  void ignoresWhatAsksForNothing(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isNull();
  }
}
