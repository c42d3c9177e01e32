package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dropwizard.util.Duration;
import io.quikqueue.domain.port.PostponedException;
import io.quikqueue.http.Circuits.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CircuitsTest {

  private static final java.time.Duration MARGIN = java.time.Duration.ofMillis(5);
  private static final String BAD = "http://a.test/hook/bad";
  private static final String GOOD = "http://a.test/hook/good";

  private final HttpConfig config = new HttpConfig();
  private long now = Long.MAX_VALUE - 1; // the clock may overflow

  {
    config.setBreakerFailures(4);
    config.setBreakerDelay(Duration.seconds(5));
    config.setBreakerMaxDelay(Duration.seconds(15));
  }

  private final Random random = new Random(1);
  private final Circuits circuits = new Circuits(config, () -> now, random::nextDouble);

  private static HttpCall call(String url) {
    return HttpCall.parse("{\"url\": \"" + url + "\"}");
  }

  private void calls(int times, String url, Consumer<Permit> outcome) throws PostponedException {
    for (int i = 0; i < times; i++) {
      try (Permit permit = circuits.enter(call(url))) {
        outcome.accept(permit);
      }
    }
  }

  private PostponedException held(String url) {
    return catchThrowableOfType(PostponedException.class, () -> circuits.enter(call(url)));
  }

  private void later(java.time.Duration by) {
    now += by.toNanos();
  }

  @Test
  void aPathThatIsNotServedIsHeldBackAndNoOther() throws Exception {
    calls(4, BAD, Permit::failed);

    PostponedException held = held(BAD + "?n=1");
    assertThat(held.waitTime()).isEqualTo(java.time.Duration.ofSeconds(5).plus(MARGIN));
    assertThat(held.reason())
        .isEqualTo("the circuit of this path of http://a.test:80 is open after 4 failed calls");
    assertThat(held.answer()).isNull();
    calls(20, GOOD, Permit::served);
    calls(20, "http://a.test/", Permit::served);
    calls(1, "https://a.test/hook/bad", Permit::served);
  }

  @Test
  void onlyFailuresInARowCount() throws Exception {
    calls(3, BAD, Permit::failed);
    calls(1, BAD, Permit::served);
    calls(3, BAD, Permit::failed);
    calls(9, BAD, permit -> {}); // interrupted, timed out early, refused by ourselves

    calls(1, BAD, Permit::failed);

    assertThat(held(BAD)).isNotNull();
  }

  @Test
  void aHostThatCannotBeReachedIsHeldBackWhole() throws Exception {
    calls(2, BAD, Permit::unreachable);
    calls(2, GOOD, Permit::unreachable);

    assertThat(held("http://a.test/other").reason())
        .isEqualTo("the circuit of http://a.test:80 is open after 4 failed calls");
    calls(1, "http://b.test/", Permit::served);
    calls(1, "http://a.test:81/", Permit::served);
  }

  @Test
  void pathsThatDifferByAnIdHaveACircuitTogether() throws Exception {
    for (int i = 0; i < 4; i++) {
      calls(1, "http://a.test/users/" + i, Permit::failed);
    }

    assertThat(held("http://a.test/users/5").reason()).contains("paths like this");
    calls(1, "http://a.test/orders/5", Permit::served);
  }

  @Test
  void oneProbeIsLetThroughAtATime() throws Exception {
    calls(4, BAD, Permit::failed);
    later(java.time.Duration.ofSeconds(5));

    try (Permit probe = circuits.enter(call(BAD))) {
      assertThat(held(BAD)).isNotNull();
      probe.served();
    }
    calls(9, BAD, Permit::served);
  }

  @Test
  void aProbeThatSaysNothingIsFollowedByAnother() throws Exception {
    calls(4, BAD, Permit::failed);
    later(java.time.Duration.ofSeconds(5));

    calls(3, BAD, permit -> {});

    calls(1, BAD, Permit::served);
  }

  @Test
  void aProbeThatFailsOpensItForLongerUpToABound() throws Exception {
    calls(4, BAD, Permit::failed);

    for (int seconds : new int[] {5, 10, 15, 15}) {
      java.time.Duration delay = java.time.Duration.ofSeconds(seconds);
      assertThat(held(BAD).waitTime()).isEqualTo(delay.plus(MARGIN));
      later(delay.minusNanos(1));
      assertThat(held(BAD)).isNotNull();
      later(java.time.Duration.ofNanos(1));
      calls(1, BAD, Permit::failed);
    }
  }

  @Test
  void aCallThatBeganBeforeItOpenedSaysNothing() throws Exception {
    Permit slow = circuits.enter(call(BAD));
    Permit slower = circuits.enter(call(BAD));
    calls(4, BAD, Permit::failed);

    slow.served();
    slower.failed();

    assertThat(held(BAD).waitTime()).isEqualTo(java.time.Duration.ofSeconds(5).plus(MARGIN));
  }

  @Test
  void aDestinationThatAsksToWaitIsNotCalledUntilThen() throws Exception {
    PostponedException first;
    try (Permit permit = circuits.enter(call(BAD))) {
      first = permit.askedToWait(java.time.Duration.ofSeconds(30), "HTTP 429", true);
    }

    assertThat(first.waitTime()).isEqualTo(java.time.Duration.ofSeconds(30).plus(MARGIN));
    assertThat(first.answer()).isEqualTo("HTTP 429");
    assertThat(first.closed()).isEqualTo(java.time.Duration.ofSeconds(30));
    assertThat(first.reason()).isEqualTo("http://a.test:80 asked to wait (Retry-After)");
    later(java.time.Duration.ofSeconds(29));
    PostponedException held = held(BAD);
    assertThat(held.answer()).isNull();
    assertThat(held.waitTime()).isBetween(seconds(1), seconds(7));
    later(java.time.Duration.ofSeconds(1));
    calls(9, BAD, Permit::served);
  }

  @Test
  void oneThatAsksToWaitAgainAndAgainIsAskedLessOften() throws Exception {
    List<java.time.Duration> waits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (Permit permit = circuits.enter(call(BAD))) {
        waits.add(permit.askedToWait(java.time.Duration.ofSeconds(1), "HTTP 429", true).waitTime());
      }
      later(waits.getLast());
    }

    assertThat(waits)
        .extracting(wait -> wait.minus(MARGIN).toSeconds())
        .containsExactly(1L, 5L, 10L, 15L);
  }

  @Test
  void tenThousandThatAreHeldBackComeBackSpread() throws Exception {
    calls(4, BAD, Permit::failed);
    int[] perSecond = new int[60];
    for (int i = 0; i < 10_000; i++) {
      perSecond[(int) held(BAD).waitTime().toSeconds()]++;
    }

    assertThat(IntStream.of(perSecond).limit(5).sum()).isZero();
    assertThat(IntStream.of(perSecond).max().orElseThrow()).isLessThan(600);
  }

  @Test
  void theCircuitsUsedLastAreRemembered() throws Exception {
    config.setMaxBreakers(6); // of two calls
    calls(4, BAD, Permit::failed);
    calls(1, "http://b.test/", Permit::served);
    assertThat(held(BAD)).isNotNull();

    calls(1, "http://c.test/", Permit::served);
    assertThat(held(BAD)).isNotNull();

    calls(1, "http://b.test/", Permit::served);
    calls(1, "http://c.test/", Permit::served);
    calls(1, BAD, Permit::served); // was forgotten
    assertThatExceptionOfType(PostponedException.class)
        .isThrownBy(() -> calls(5, BAD, Permit::failed));
  }

  private static java.time.Duration seconds(int n) {
    return java.time.Duration.ofSeconds(n);
  }
}
