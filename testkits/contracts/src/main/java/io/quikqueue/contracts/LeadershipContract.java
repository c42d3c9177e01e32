package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.Leadership;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * What {@link Leadership} guarantees: a lease has one holder at a time, until it gives it up or
 * does not renew it in time by the store's clock.
 */
public abstract class LeadershipContract extends StoreContract {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONGER = Duration.ofMillis(600);

  private Leadership leadership;

  @BeforeEach
  void setLeadership() {
    leadership = stores.leadership();
  }

  @Test
  void theFirstHolderHasIt() {
    assertThat(leadership.acquire("relay", "a", HOUR)).isTrue();
    assertThat(leadership.acquire("relay", "b", HOUR)).isFalse();
    assertThat(leadership.acquire("relay", "a", HOUR)).isTrue();
    assertThat(leadership.acquire("relay", "b", HOUR)).isFalse();
  }

  @Test
  void leasesAreIndependentAndToldApartByEveryCharacter() {
    assertThat(leadership.acquire("relay", "a", HOUR)).isTrue();

    assertThat(leadership.acquire("Relay", "b", HOUR)).isTrue();
    assertThat(leadership.acquire("rescue", "b", HOUR)).isTrue();
    assertThat(leadership.acquire("relay", "A", HOUR)).isFalse();
    assertThat(leadership.acquire("relay", "a ", HOUR)).isFalse();
  }

  @Test
  void aLeaseGivenUpCanBeTaken() {
    leadership.acquire("relay", "a", HOUR);

    leadership.release("relay", "a");

    assertThat(leadership.acquire("relay", "b", HOUR)).isTrue();
    assertThat(leadership.acquire("relay", "a", HOUR)).isFalse();
  }

  @Test
  void onlyItsHolderCanGiveALeaseUp() {
    leadership.acquire("relay", "a", HOUR);

    leadership.release("relay", "b");
    leadership.release("relay", "A");
    leadership.release("unknown", "b");

    assertThat(leadership.acquire("relay", "b", HOUR)).isFalse();
    assertThat(leadership.acquire("relay", "a", HOUR)).isTrue();
  }

  @Test
  void aLeaseNotRenewedCanBeTaken() {
    leadership.acquire("relay", "a", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(leadership.acquire("relay", "b", HOUR)).isTrue();

    assertThat(leadership.acquire("relay", "a", HOUR)).isFalse();
    leadership.release("relay", "a");
    assertThat(leadership.acquire("relay", "a", HOUR)).isFalse();
  }

  @Test
  void aLeaseNotRenewedCanBeTakenByItsOldHolderToo() {
    leadership.acquire("relay", "a", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(leadership.acquire("relay", "a", HOUR)).isTrue();
    assertThat(leadership.acquire("relay", "b", HOUR)).isFalse();
  }

  @Test
  void renewingMakesALeaseLastLonger() {
    leadership.acquire("relay", "a", SHORT);
    leadership.acquire("relay", "a", HOUR);
    stores.letPass().accept(LONGER);

    assertThat(leadership.acquire("relay", "b", HOUR)).isFalse();
  }

  @Test
  void renewingForLessMakesALeaseEndSooner() {
    leadership.acquire("relay", "a", HOUR);
    leadership.acquire("relay", "a", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(leadership.acquire("relay", "b", HOUR)).isTrue();
  }

  @RepeatedTest(5)
  void ofManyAtOnceOneGetsAFreeLease() throws InterruptedException {
    assertThat(winners()).isEqualTo(1);
  }

  @Test
  void ofManyAtOnceOneGetsALeaseThatRanOut() throws InterruptedException {
    leadership.acquire("relay", "before", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(winners()).isEqualTo(1);
  }

  private int winners() throws InterruptedException {
    List<Callable<Boolean>> rivals =
        IntStream.range(0, 8)
            .mapToObj(
                i -> (Callable<Boolean>) () -> leadership.acquire("relay", "holder-" + i, HOUR))
            .toList();
    return Collections.frequency(atOnce(rivals), true);
  }
}
