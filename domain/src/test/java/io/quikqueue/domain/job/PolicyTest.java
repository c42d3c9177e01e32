package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

  private static final Duration YEAR = Duration.ofDays(366);
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  @Test
  void theDefaultIsWhatTheDocumentationSays() {
    assertThat(Policy.DEFAULT.own()).isZero();
    assertThat(Policy.DEFAULT.withOwn(Policy.ALL_OWN))
        .isEqualTo(
            new Policy(
                5,
                Duration.ofMillis(500),
                Duration.ofMinutes(10),
                null,
                Duration.ofSeconds(60),
                3));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 500", "2, 1000", "3, 2000", "4, 4000", "10, 256000", "11, 512000",
    "12, 600000", "13, 600000", "41, 600000", "42, 600000", "64, 600000", "65, 600000",
    "1000, 600000", "2147483647, 600000"
  })
  void theWaitDoublesUpToItsCap(int failures, long fullMillis) {
    assertThat(Policy.DEFAULT.delays().after(failures, 0)).hasMillis(fullMillis / 2);
    assertThat(Policy.DEFAULT.delays().after(failures, 0.5)).hasMillis(fullMillis * 3 / 4);
    assertThat(Policy.DEFAULT.delays().after(failures, ALMOST_ONE)).hasMillis(fullMillis);
  }

  @Test
  void theLongestWaitsDoNotOverflow() {
    for (Duration base :
        List.of(Duration.ofMillis(1), Duration.ofMillis(3), Duration.ofDays(1), YEAR)) {
      Policy policy = new Policy(1000, base, YEAR, null, Duration.ofSeconds(1), 1);
      Duration before = Duration.ZERO;
      for (int failures = 1; failures <= 1000; failures++) {
        Duration wait = policy.delays().after(failures, ALMOST_ONE);
        assertThat(wait).isBetween(before, YEAR);
        before = wait;
      }
      assertThat(before).isEqualTo(YEAR);
    }
  }

  @Test
  void theJitterTakesAtMostHalf() {
    Policy policy =
        new Policy(9, Duration.ofMillis(7), Duration.ofHours(1), null, Duration.ofSeconds(1), 1);
    for (double random = 0; random < 1; random += 0.01) {
      assertThat(policy.delays().after(1, random).toMillis()).isBetween(3L, 7L);
    }
  }

  @Test
  void noBackoffIsNoWait() {
    Policy policy = new Policy(9, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 1);

    assertThat(policy.delays().after(1, ALMOST_ONE)).isZero();
    assertThat(policy.delays().after(1000, ALMOST_ONE)).isZero();
  }

  @Test
  void durationsAreCutToMilliseconds() {
    Duration fine = Duration.ofNanos(1_999_999);
    Policy policy = new Policy(1, fine, fine, fine, fine, 1);

    assertThat(policy.backoff()).hasMillis(1).isEqualTo(Duration.ofMillis(1));
    assertThat(policy)
        .isEqualTo(
            new Policy(
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                1));
  }

  @Test
  void theBoundsThemselvesAreAllowed() {
    assertThat(new Policy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(1), 1))
        .isNotNull();
    assertThat(new Policy(1000, YEAR, YEAR, YEAR, Duration.ofHours(24), 5)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE})
  void maxAttemptsOutOfBoundsIsNamed(int attempts) {
    assertThat(refusal(attempts, "PT1S", "PT1S", null, "PT1S", 1)).isEqualTo("retry.max_attempts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT8784H0.001S", "P-106751991167300D", "P106751991167300D"})
  void durationsOutOfBoundsAreNamed(String duration) {
    assertThat(refusal(1, duration, "P366D", null, "PT1S", 1)).isEqualTo("retry.backoff");
    assertThat(refusal(1, "PT0S", duration, null, "PT1S", 1)).isEqualTo("retry.backoff_cap");
    assertThat(refusal(1, "PT0S", "PT1S", duration, "PT1S", 1)).isEqualTo("retry.max_elapsed");
    assertThat(refusal(1, "PT0S", "PT1S", null, duration, 1)).isEqualTo("timeout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.0009S", "PT24H0.001S"})
  void timeoutsOutOfBoundsAreNamed(String timeout) {
    assertThat(refusal(1, "PT0S", "PT1S", null, timeout, 1)).isEqualTo("timeout");
  }

  @Test
  void aCapBelowTheBackoffIsNamed() {
    assertThat(refusal(1, "PT2S", "PT1.999S", null, "PT1S", 1)).isEqualTo("retry.backoff_cap");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 6, 100})
  void maxCrashesOutOfBoundsIsNamed(int crashes) {
    assertThat(refusal(1, "PT1S", "PT1S", null, "PT1S", crashes)).isEqualTo("retry.max_crashes");
  }

  private static String refusal(
      int attempts, String backoff, String cap, String elapsed, String timeout, int crashes) {
    return catchThrowableOfType(
            InvalidFieldException.class,
            () ->
                new Policy(
                    attempts,
                    Duration.parse(backoff),
                    Duration.parse(cap),
                    elapsed == null ? null : Duration.parse(elapsed),
                    Duration.parse(timeout),
                    crashes))
        .field();
  }
}
