package io.quikqueue.domain.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, Limits.MOST})
  void countsHaveBounds(int good) {
    new Limits(good, good, null, null, good, good, Map.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, Limits.MOST + 1, Integer.MAX_VALUE})
  void countsBeyondTheirBoundsAreRefused(int bad) {
    refused("concurrency", () -> new Limits(bad, null, null, null, null, null, Map.of()));
    refused("concurrency_per_group", () -> new Limits(null, bad, null, null, null, null, Map.of()));
    refused("max_waiting", () -> new Limits(null, null, null, null, bad, null, Map.of()));
    refused("max_waiting_per_group", () -> new Limits(null, null, null, null, null, bad, Map.of()));
  }

  @Test
  void weightsHaveBounds() {
    assertThat(weights(Map.of("a", 1, "b", Limits.MOST_WEIGHT)).weight("b")).isEqualTo(100);
    assertThat(weights(Map.of()).weight("b")).isEqualTo(1);
    refused("weights.a", () -> weights(Map.of("a", 0)));
    refused("weights.b c", () -> weights(Map.of("b c", Limits.MOST_WEIGHT + 1)));
  }

  @Test
  void thereIsABoundOnTheNumberOfWeights() {
    Map<String, Integer> many = new HashMap<>();
    for (int i = 0; i < Limits.MOST_WEIGHTS; i++) {
      many.put("g" + i, 1);
    }
    weights(many);
    many.put("one more", 1);

    refused("weights", () -> weights(many));
  }

  @Test
  void whatBecomesOfOneTooManyNeedsALimit() {
    for (OnLimit each : OnLimit.values()) {
      new Limits(null, null, null, null, 1, null, each, Map.of());
      new Limits(null, null, null, null, null, 1, each, Map.of());
    }
    refused("on_limit", () -> new Limits(1, 1, null, null, null, null, OnLimit.DROP_NEW, Map.of()));
    refused(
        "on_limit",
        () -> new Limits(1, 1, null, null, null, null, OnLimit.CANCEL_OLDEST, Map.of()));
  }

  @Test
  void weightsAreThoseOfGroups() {
    weights(Map.of("g".repeat(200), 1));
    refused("weights", () -> weights(Map.of("g".repeat(201), 1)));
    refused("weights", () -> weights(Map.of("", 1)));
    refused("weights", () -> weights(Map.of("a\nb", 1)));
    refused("weights", () -> weights(Map.of("\ud800", 1)));
  }

  @Test
  void ratesHaveBounds() {
    new Rate(1, Duration.ofMillis(1), 1);
    new Rate(Rate.MOST, Duration.ofDays(1), Rate.MOST);
    refused("n", () -> new Rate(0, Duration.ofSeconds(1), 1));
    refused("n", () -> new Rate(Rate.MOST + 1, Duration.ofSeconds(1), 1));
    refused("per", () -> new Rate(1, Duration.ofMillis(1).minusNanos(1), 1));
    refused("per", () -> new Rate(1, Duration.ofDays(1).plusNanos(1), 1));
    refused("burst", () -> new Rate(1, Duration.ofSeconds(1), 0));
    refused("burst", () -> new Rate(1, Duration.ofSeconds(1), Rate.MOST + 1));
  }

  @Test
  void aRateOfAFieldNamesIt() {
    assertThat(Rate.of("rate", 7, Duration.ofSeconds(1), null))
        .isEqualTo(new Rate(7, Duration.ofSeconds(1), 7));
    refused("rate.n", () -> Rate.of("rate", null, Duration.ofSeconds(1), 1));
    refused("rate.per", () -> Rate.of("rate", 1, null, 1));
    refused("rate.burst", () -> Rate.of("rate", 1, Duration.ofSeconds(1), 0));
  }

  @Test
  void durationsAreCutToMilliseconds() {
    Duration odd = Duration.ofNanos(1_999_999);

    assertThat(new Rate(1, odd, 1).per()).isEqualTo(Duration.ofMillis(1));
  }

  private static Limits weights(Map<String, Integer> weights) {
    return new Limits(null, null, null, null, null, null, weights);
  }

  private static void refused(String field, ThrowingCallable making) {
    assertThatThrownBy(making)
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo(field));
  }
}
