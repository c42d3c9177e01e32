package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.domain.job.RetryDelays.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryDelaysTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration YEAR = Duration.ofDays(366);
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000, Integer.MAX_VALUE})
  void fixedOnesAreAllTheSame(int failures) {
    RetryDelays delays = RetryDelays.of(Kind.FIXED, HOUR, null, null, null);

    assertThat(delays.after(failures, 0)).isEqualTo(HOUR);
    assertThat(delays.after(failures, ALMOST_ONE)).isEqualTo(HOUR);
  }

  @ParameterizedTest
  @CsvSource({"1, PT5S", "2, PT1M", "3, PT10M", "4, PT10M", "2147483647, PT10M"})
  void theLastOfAListRepeats(int failures, Duration delay) {
    RetryDelays delays = list(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10));

    assertThat(delays.after(failures, 0.7)).isEqualTo(delay);
  }

  @Test
  void aListMayGoUpAndDown() {
    RetryDelays delays = list(HOUR, Duration.ZERO, SECOND);

    assertThat(delays.after(2, 0)).isZero();
    assertThat(delays.first()).isEqualTo(HOUR);
    assertThat(delays.longest()).isEqualTo(HOUR);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10000, 10000, 10000",
    "0.1, 9000, 9500, 10000",
    "0.5, 5000, 7500, 10000",
    "1, 0, 5000, 10000"
  })
  void jitterIsTheShareLeftToChance(double jitter, long least, long middle, long most) {
    Duration delay = Duration.ofSeconds(10);
    for (RetryDelays delays :
        List.of(
            RetryDelays.of(Kind.FIXED, delay, null, null, jitter),
            RetryDelays.of(Kind.LIST, null, null, List.of(delay), jitter),
            RetryDelays.of(Kind.EXPONENTIAL, delay, delay, null, jitter))) {
      assertThat(delays.after(1, 0)).hasMillis(least);
      assertThat(delays.after(1, 0.5)).hasMillis(middle);
      assertThat(delays.after(1, ALMOST_ONE)).hasMillis(most);
    }
  }

  @Test
  void whatIsNotSaidIsAsUsual() {
    assertThat(RetryDelays.of(null, null, null, null, null)).isEqualTo(RetryDelays.DEFAULT);
    assertThat(RetryDelays.of(null, null, null, null, 0.5)).isEqualTo(RetryDelays.DEFAULT);
    assertThat(RetryDelays.of(Kind.EXPONENTIAL, HOUR, null, null, null))
        .isEqualTo(RetryDelays.exponential(HOUR, HOUR));
    assertThat(RetryDelays.of(null, null, HOUR, null, null))
        .isEqualTo(RetryDelays.exponential(Duration.ofMillis(500), HOUR));
    assertThat(RetryDelays.of(Kind.FIXED, null, null, null, null))
        .isEqualTo(new RetryDelays(Kind.FIXED, List.of(Duration.ofMillis(500)), 0));
    assertThat(RetryDelays.of(null, null, null, List.of(HOUR), null)).isEqualTo(list(HOUR));
  }

  @Test
  void onlyThoseThatThereAlwaysWereAreOfTheUsualKind() {
    assertThat(RetryDelays.exponential(SECOND, HOUR).isUsualKind()).isTrue();
    assertThat(RetryDelays.of(null, null, null, null, 0.4).isUsualKind()).isFalse();
    assertThat(RetryDelays.of(Kind.FIXED, null, null, null, 0.5).isUsualKind()).isFalse();
  }

  @Test
  void twoZeroesAreOne() {
    assertThat(RetryDelays.of(null, null, null, null, -0.0))
        .isEqualTo(RetryDelays.of(null, null, null, null, 0.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 49, 50})
  void aListHasUpTo50(int size) {
    assertThat(ofSize(size).delays()).hasSize(size);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 51})
  void otherListsAreRefused(int size) {
    refused("retry.delays", () -> ofSize(size));
  }

  @Test
  void aDelayIsFromNothingToAYear() {
    assertThatCode(() -> list(Duration.ZERO, YEAR)).doesNotThrowAnyException();
    refused("retry.delays.0", () -> list(Duration.ofMillis(-1)));
    refused("retry.delays.1", () -> list(SECOND, YEAR.plusMillis(1), YEAR.plusMillis(2)));
    Duration more = YEAR.plusMillis(1);
    refused("retry.backoff", () -> RetryDelays.of(Kind.FIXED, more, null, null, null));
    refused("retry.backoff", () -> RetryDelays.of(null, more, null, null, null));
    refused("retry.backoff_cap", () -> RetryDelays.of(null, null, more, null, null));
    refused("retry.backoff_cap", () -> RetryDelays.of(null, SECOND, Duration.ZERO, null, null));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.001, 1.001, -1, 100, Double.NaN, Double.POSITIVE_INFINITY})
  void jitterIsFrom0To1(double jitter) {
    refused("retry.jitter", () -> RetryDelays.of(null, null, null, null, jitter));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"EXPONENTIAL", "FIXED"})
  void delaysGoWithAListOnly(Kind kind) {
    refused("retry.delays", () -> RetryDelays.of(kind, null, null, List.of(SECOND), null));
  }

  @Test
  void whatDoesNotGoWithAKindIsNamed() {
    refused("retry.delays", () -> RetryDelays.of(Kind.LIST, null, null, null, null));
    refused("retry.backoff", () -> RetryDelays.of(null, SECOND, null, List.of(SECOND), null));
    refused("retry.backoff_cap", () -> RetryDelays.of(null, null, HOUR, List.of(SECOND), null));
    refused("retry.backoff_cap", () -> RetryDelays.of(Kind.FIXED, SECOND, SECOND, null, null));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aKindIsReadAsItIsWritten(Kind kind) {
    assertThat(Kind.of(kind.text())).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Fixed", "linear", "list "})
  void aKindThatIsNoneIsRefused(String text) {
    refused("retry.kind", () -> Kind.of(text));
  }

  private static RetryDelays list(Duration... delays) {
    return RetryDelays.of(null, null, null, List.of(delays), null);
  }

  private static RetryDelays ofSize(int size) {
    return RetryDelays.of(null, null, null, Collections.nCopies(size, SECOND), null);
  }

  private static void refused(String field, ThrowingCallable code) {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(code)
        .satisfies(e -> assertThat(e.field()).isEqualTo(field));
  }
}
