package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreClockTest {

  private final AtomicLong store = new AtomicLong(1_000_000_000L);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean down;
  private final StoreClock clock = new StoreClock(this::read, nanos::get, ClockMark.NONE);

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

  @Test
  void goesOnWhenTheStoreIsSetBackAndComesToMeetIt() {
    AtomicReference<Instant> before = new AtomicReference<>(clock.instant());
    List<Duration> steps = new ArrayList<>();
    store.addAndGet(-Duration.ofSeconds(30).toNanos() / 1000);
    Duration step = Duration.ofSeconds(11);

    await()
        .until(
            () -> {
              nanos.addAndGet(step.toNanos());
              store.addAndGet(step.toNanos() / 1000);
              Instant now = clock.instant();
              steps.add(Duration.between(before.getAndSet(now), now));
              return now.equals(Micros.toInstant(store.get()));
            });

    assertThat(steps).allMatch(each -> each.compareTo(step.multipliedBy(9).dividedBy(10)) >= 0);
    assertThat(steps).as("it took its time").hasSizeGreaterThan(20);
  }

  /** Of a database server that is set back an hour, with a job that is to start in 20 seconds. */
  @ParameterizedTest
  @EnumSource
  void processesOfOneStoreGoOnTogetherWhenItIsSetBack(TestDatabase name) {
    DatabaseConfig config = name.empty();
    try (Connections connections = config.dialect().connect(config, new MetricRegistry())) {
      ClockMark mark = new SqlClockMark(new Database(config, connections));
      StoreClock clock = new StoreClock(this::read, nanos::get, mark);
      Instant due = clock.instant().plusSeconds(20);
      store.addAndGet(-Duration.ofHours(1).toNanos() / 1000);
      pass(Duration.ofSeconds(11));

      clock.instant();

      await().until(() -> mark.micros() == Micros.of(clock.instant()));
      StoreClock later = new StoreClock(this::read, nanos::get, mark);
      assertThat(later.instant()).isEqualTo(clock.instant()).isBefore(due);
      pass(Duration.ofSeconds(11));
      assertThat(clock.instant()).isAfterOrEqualTo(due);
      assertThat(later.instant()).isEqualTo(clock.instant());
    }
  }

  @Test
  void aMarkThatWasLeftByAWrongClockIsNotBelieved() {
    Duration years = Duration.ofDays(5_000);
    ClockMark wrong = new Marked(Micros.of(Micros.toInstant(store.get()).plus(years)));

    assertThat(new StoreClock(this::read, nanos::get, wrong).instant())
        .isEqualTo(Micros.toInstant(store.get()));
  }

  @Test
  void aMarkThatTheStoreHasPassedIsOver() {
    ClockMark old = new Marked(store.get() - 1);

    assertThat(new StoreClock(this::read, nanos::get, old).instant())
        .isEqualTo(Micros.toInstant(store.get()));
  }

  @ParameterizedTest
  @EnumSource
  void aMarkIsOnlyRaised(TestDatabase name) {
    DatabaseConfig config = name.empty();
    try (Connections connections = config.dialect().connect(config, new MetricRegistry())) {
      ClockMark mark = new SqlClockMark(new Database(config, connections));
      assertThat(mark.micros()).isZero();

      mark.raise(2);
      mark.raise(1);

      assertThat(mark.micros()).isEqualTo(2);
      mark.raise(3);
      assertThat(mark.micros()).isEqualTo(3);
    }
  }

  private record Marked(long micros) implements ClockMark {
    @Override
    public void raise(long to) {}
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    store.addAndGet(time.toNanos() / 1000);
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
