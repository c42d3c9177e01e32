package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.Leases;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * What {@link Leases} guarantee: a lease has one holder at a time, until it gives it up or does not
 * renew it in time by the store's clock.
 */
public abstract class LeasesContract extends StoreContract {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONGER = Duration.ofMillis(600);

  private Leases leases;

  @BeforeEach
  void setLeases() {
    leases = stores.leases();
  }

  @Test
  void theFirstHolderHasIt() {
    assertThat(leases.acquire("relay", "a", HOUR)).isTrue();
    assertThat(leases.acquire("relay", "b", HOUR)).isFalse();
    assertThat(leases.acquire("relay", "a", HOUR)).isTrue();
    assertThat(leases.acquire("relay", "b", HOUR)).isFalse();
  }

  @Test
  void leasesAreIndependentAndToldApartByEveryCharacter() {
    assertThat(leases.acquire("relay", "a", HOUR)).isTrue();

    assertThat(leases.acquire("Relay", "b", HOUR)).isTrue();
    assertThat(leases.acquire("rescue", "b", HOUR)).isTrue();
    assertThat(leases.acquire("relay", "A", HOUR)).isFalse();
    assertThat(leases.acquire("relay", "a ", HOUR)).isFalse();
  }

  @Test
  void aLeaseGivenUpCanBeTaken() {
    leases.acquire("relay", "a", HOUR);

    leases.release("relay", "a");

    assertThat(leases.acquire("relay", "b", HOUR)).isTrue();
    assertThat(leases.acquire("relay", "a", HOUR)).isFalse();
  }

  @Test
  void onlyItsHolderCanGiveALeaseUp() {
    leases.acquire("relay", "a", HOUR);

    leases.release("relay", "b");
    leases.release("relay", "A");
    leases.release("unknown", "b");

    assertThat(leases.acquire("relay", "b", HOUR)).isFalse();
    assertThat(leases.acquire("relay", "a", HOUR)).isTrue();
  }

  @Test
  void aLeaseNotRenewedCanBeTaken() {
    leases.acquire("relay", "a", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(leases.acquire("relay", "b", HOUR)).isTrue();

    assertThat(leases.acquire("relay", "a", HOUR)).isFalse();
    leases.release("relay", "a");
    assertThat(leases.acquire("relay", "a", HOUR)).isFalse();
  }

  @Test
  void aLeaseNotRenewedCanBeTakenByItsOldHolderToo() {
    leases.acquire("relay", "a", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(leases.acquire("relay", "a", HOUR)).isTrue();
    assertThat(leases.acquire("relay", "b", HOUR)).isFalse();
  }

  @Test
  void renewingMakesALeaseLastLonger() {
    leases.acquire("relay", "a", SHORT);
    leases.acquire("relay", "a", HOUR);
    stores.letPass().accept(LONGER);

    assertThat(leases.acquire("relay", "b", HOUR)).isFalse();
  }

  @Test
  void renewingForLessMakesALeaseEndSooner() {
    leases.acquire("relay", "a", HOUR);
    leases.acquire("relay", "a", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(leases.acquire("relay", "b", HOUR)).isTrue();
  }

  @RepeatedTest(5)
  void ofManyAtOnceOneGetsAFreeLease() throws InterruptedException {
    assertThat(winners()).isEqualTo(1);
  }

  @Test
  void ofManyAtOnceOneGetsALeaseThatRanOut() throws InterruptedException {
    leases.acquire("relay", "before", SHORT);
    stores.letPass().accept(LONGER);

    assertThat(winners()).isEqualTo(1);
  }

  private int winners() throws InterruptedException {
    List<Callable<Boolean>> rivals =
        IntStream.range(0, 8)
            .mapToObj(i -> (Callable<Boolean>) () -> leases.acquire("relay", "holder-" + i, HOUR))
            .toList();
    return Collections.frequency(atOnce(rivals), true);
  }
}
