package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.port.Leadership;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlakyTest {

  private final InMemoryStore store = new InMemoryStore(new SettableClock());
  private final Flaky<Leadership> leases = new Flaky<>(Leadership.class, store);

  @Test
  void whatIsDownDoesNothing() {
    leases.down();
    assertThatThrownBy(() -> acquire("a")).isInstanceOf(UnavailableException.class);
    leases.up();

    assertThat(acquire("b")).isTrue();
    assertThat(leases.calls("acquire")).isEqualTo(2);
  }

  @Test
  void aLostAnswerIsOfACallThatTookEffect() {
    leases.loseAnswers(1);
    assertThatThrownBy(() -> acquire("a")).isInstanceOf(UnavailableException.class);

    assertThat(acquire("b")).isFalse();
  }

  @Test
  void somethingCanHappenFirst() {
    leases.beforeNext("acquire", () -> store.acquire("lease", "b", Duration.ofHours(1)));

    assertThat(acquire("a")).isFalse();
    assertThat(acquire("b")).isTrue();
  }

  private boolean acquire(String holder) {
    return leases.port().acquire("lease", holder, Duration.ofHours(1));
  }
}
