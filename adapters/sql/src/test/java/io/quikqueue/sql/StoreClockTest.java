package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreClockTest {

  private final AtomicLong store = new AtomicLong(1_000_000_000L);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean down;
  private final StoreClock clock = new StoreClock(this::read, nanos::get);

  private long read() {
    reads.incrementAndGet();
    if (down) {
      throw new UnavailableException("store", "down");
    }
    return store.get();
  }

  @Test
  void goesOnByMonotonicTimeBetweenReadings() {
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(1000));

    nanos.addAndGet(Duration.ofMillis(1500).toNanos());

    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(1001, 500_000_000));
    assertThat(reads).hasValue(1);
  }

  @Test
  void readsTheStoreAgainAfterTenSeconds() {
    clock.instant();
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    store.set(1_020_000_000L);

    clock.instant();

    await().until(() -> clock.instant().equals(Instant.ofEpochSecond(1020)));
    assertThat(reads).hasValue(2);
  }

  @Test
  void goesOnFromTheLastReadingWhileTheStoreIsDown() {
    clock.instant();
    down = true;
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());

    clock.instant();

    await().until(() -> reads.get() == 2);
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(1011));
  }

  @Test
  void hasNoTimeBeforeTheFirstReading() {
    down = true;

    assertThatThrownBy(clock::instant).isInstanceOf(UnavailableException.class);

    down = false;
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(1000));
  }

  @ParameterizedTest
  @EnumSource
  void showsTheTimeOfTheDatabaseWhateverItsZone(TestDatabase database) {
    try (SqlStores stores = TestDatabase.open(database.empty())) {
      assertThat(Duration.between(Instant.now(), stores.clock().instant()).abs())
          .isLessThan(Duration.ofMinutes(5));
      assertThat(stores.clock().instant().getNano() % 1000).isZero();
    }
  }
}
