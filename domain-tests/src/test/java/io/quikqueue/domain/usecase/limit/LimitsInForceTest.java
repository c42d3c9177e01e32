package io.quikqueue.domain.usecase.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitsInForceTest {

  private static final Limits TEN = new Limits(10, null, null, null, null, null, Map.of());

  private final InMemoryLimits memory = new InMemoryLimits();
  private final Flaky<LimitStore> store = new Flaky<>(LimitStore.class, memory);
  private final AtomicLong nanos = new AtomicLong();
  private final LimitsInForce limits = new LimitsInForce(store.port(), nanos::get);

  @Test
  void aChangeIsInForceHalfASecondLater() {
    LimitTable before = limits.table();
    limit("mails");
    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(limits.table()).isSameAs(before);

    nanos.addAndGet(Duration.ofMillis(1).toNanos());

    assertThat(limits.table().ofQueue("mails")).isEqualTo(TEN);
    assertThat(store.calls("table")).isEqualTo(2);
  }

  @Test
  void theTableIsTheSameObjectUntilSomethingChanges() {
    limit("mails");
    LimitTable before = limits.table();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(limits.table()).isSameAs(before);
    assertThat(store.calls("table")).isEqualTo(2);
  }

  @Test
  void whileTheStoreIsAwayLimitsStayInForce() {
    limit("mails");
    assertThat(limits.table().ofQueue("mails")).isEqualTo(TEN);
    store.down();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(limits.table().ofQueue("mails")).isEqualTo(TEN);
  }

  @Test
  void untilTheStoreHasAnsweredOnceThereIsNoTable() {
    limit("mails");
    store.down();
    assertThatThrownBy(limits::table).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(limits::table).isInstanceOf(UnavailableException.class);
    store.up();

    assertThat(limits.table().ofQueue("mails")).isEqualTo(TEN);
  }

  private void limit(String queue) {
    memory.put(LimitKey.queue(queue), TEN, "ops", Instant.EPOCH, Precondition.NONE);
  }
}
