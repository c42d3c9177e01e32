package io.quikqueue.domain.usecase.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.UnavailableException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeclareLimitsTest {

  private static final LimitKey MAILS = LimitKey.queue("mails");
  private static final LimitKey HTTP = LimitKey.type("http");

  private final SettableClock clock = new SettableClock();
  private final InMemoryLimits memory = new InMemoryLimits();
  private final Flaky<LimitStore> store = new Flaky<>(LimitStore.class, memory);

  @Test
  void limitsAreDeclaredOnceTheStoreIsThere() {
    DeclareLimits declared = declaring(Map.of(MAILS, concurrency(7)));
    store.down();
    assertThatThrownBy(declared::declare).isInstanceOf(UnavailableException.class);
    store.up();

    assertThat(declared.declare()).isPositive();

    assertThat(memory.find(MAILS))
        .get()
        .isEqualTo(
            new LimitEntry(MAILS, concurrency(7), true, 1, "configuration", clock.instant()));
  }

  @Test
  void theProcessThatStartedLastDecidesAndTheOtherDoesNotContend() {
    DeclareLimits first = declaring(Map.of(MAILS, concurrency(7), HTTP, concurrency(1)));
    first.declare();
    declaring(Map.of(MAILS, concurrency(8))).declare();

    first.declare();

    assertThat(memory.find(MAILS).orElseThrow().limits()).isEqualTo(concurrency(8));
    assertThat(memory.find(HTTP)).isEmpty();
  }

  private DeclareLimits declaring(Map<LimitKey, Limits> limits) {
    return new DeclareLimits(store.port(), limits, clock);
  }

  private static Limits concurrency(int most) {
    return new Limits(most, null, null, null, null, null, Map.of());
  }
}
