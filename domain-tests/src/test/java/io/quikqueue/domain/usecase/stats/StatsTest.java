package io.quikqueue.domain.usecase.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryJobStats;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");
  private static final Instant START = Instant.parse("2026-03-01T10:00:12Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock();
  private final InMemoryJobStats memory = new InMemoryJobStats();
  private final Flaky<JobStats> stats = new Flaky<>(JobStats.class, memory);
  private final CountingMeter meter = new CountingMeter(Meter.NONE);
  private final RecordStats record = new RecordStats(meter, stats.port(), clock, "p1");
  private final ReadStats read = new ReadStats(memory, clock);

  @BeforeEach
  void aMinuteHasBegun() {
    clock.set(START);
    record.record();
  }

  @Test
  void whatHappenedIsShownInItsMinute() {
    meter.submitted("mail", 3);
    meter.ran("mail", "http", "done", Duration.ofMillis(4), Duration.ofMillis(40));
    meter.ran("mail", "http", "failed", Duration.ofMillis(4), Duration.ofMillis(40));
    meter.failed("mail", "http");
    record.record();
    clock.advance(MINUTE);
    record.record();
    meter.submitted("other", 1);
    record.record();

    ReadStats.Stats all = read.of(CALLER, StatsScope.ALL, Duration.ofMinutes(2));

    assertThat(all.step()).isEqualTo(MINUTE);
    assertThat(all.start(0)).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(all.steps()).extracting(JobCounts::submitted).containsExactly(3L, 1L);
    assertThat(all.steps()).extracting(JobCounts::done).containsExactly(1L, 0L);
    assertThat(all.total())
        .extracting(JobCounts::failedAttempts, JobCounts::failed)
        .containsExactly(1L, 1L);
    assertThat(all.total().waits().size()).isEqualTo(2);
    assertThat(all.total().runs().quantile(0.5)).isBetween(0.02, 0.05);
    assertThat(total(StatsScope.queue("mail")).submitted()).isEqualTo(3);
    assertThat(total(StatsScope.queue("mail")).done()).isOne();
    assertThat(total(StatsScope.type("http")).failed()).isOne();
    assertThat(total(StatsScope.type("http")).submitted()).isZero();
    assertThat(total(StatsScope.queue("none"))).isEqualTo(JobCounts.NONE);
  }

  @Test
  void attemptsThatDoNotCountAreNotCounted() {
    for (String outcome : List.of("postponed", "cancelled", "expired", "released", "lost")) {
      meter.ran("mail", "http", outcome, Duration.ZERO, Duration.ZERO);
    }
    record.record();

    assertThat(total(StatsScope.ALL)).isEqualTo(JobCounts.NONE);
  }

  @Test
  void theCountsOfAllProcessesAreAdded() {
    CountingMeter other = new CountingMeter(Meter.NONE);
    RecordStats ofOther = new RecordStats(other, memory, clock, "p2");
    ofOther.record();
    meter.submitted("mail", 1);
    other.submitted("mail", 2);
    record.record();
    ofOther.record();
    meter.submitted("mail", 4);
    record.record();

    assertThat(total(StatsScope.queue("mail")).submitted()).isEqualTo(7);
  }

  @Test
  void whatHappensWhileTheStoreIsAwayIsStoredInItsMinuteLater() {
    meter.submitted("mail", 1);
    stats.down();
    assertThatThrownBy(record::record).isInstanceOf(UnavailableException.class);
    clock.advance(MINUTE);
    assertThatThrownBy(record::record).isInstanceOf(UnavailableException.class);
    meter.submitted("mail", 2);
    stats.up();
    record.record();

    assertThat(read.of(CALLER, StatsScope.ALL, Duration.ofMinutes(2)).steps())
        .extracting(JobCounts::submitted)
        .containsExactly(1L, 2L);
  }

  @Test
  void nothingIsStoredWhileNothingHappens() {
    meter.submitted("mail", 1);
    record.record();
    int before = stats.calls("record");
    for (int i = 0; i < 5; i++) {
      clock.advance(MINUTE);
      record.record();
    }

    assertThat(stats.calls("record")).isEqualTo(before);
  }

  @Test
  void itComesAgainAfterTenSecondsAndWhenTheMinuteEnds() {
    assertThat(record.record()).isEqualTo(Duration.ofSeconds(10));
    clock.set(Instant.parse("2026-03-01T10:00:55Z"));
    assertThat(record.record()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void ofVeryManyQueuesOnlyTheTotalIsComplete() {
    for (int i = 0; i < 600; i++) {
      meter.submitted("q" + i, 1);
      meter.failed("q" + i, "t" + i);
    }
    record.record();

    assertThat(total(StatsScope.ALL).submitted()).isEqualTo(600);
    assertThat(total(StatsScope.queue("q499")).submitted()).isOne();
    assertThat(total(StatsScope.queue("q500")).submitted()).isZero();
    assertThat(total(StatsScope.type("t500")).failed()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "PT1M, PT1M, 1",
    "PT1H, PT1M, 60",
    "PT2H, PT1M, 120",
    "PT2H1M, PT5M, 25",
    "P1D, PT15M, 97",
    "P3D, PT1H, 73"
  })
  void stepsAreAsLongAsTheRangeNeeds(Duration range, Duration step, int steps) {
    ReadStats.Stats found = read.of(CALLER, StatsScope.ALL, range);

    assertThat(found.step()).isEqualTo(step);
    assertThat(found.steps()).hasSize(steps);
    assertThat(found.from().getEpochSecond() % step.toSeconds()).isZero();
    assertThat(found.from()).isBeforeOrEqualTo(START.plus(MINUTE).minus(range));
    assertThat(found.start(steps - 1)).isBeforeOrEqualTo(START);
    assertThat(found.start(steps)).isAfter(START);
  }

  @Test
  void whatNobodyCanAskForAnyMoreIsDeleted() {
    meter.submitted("mail", 1);
    record.record();
    clock.advance(ReadStats.LONGEST);
    assertThat(new PruneStats(memory, clock).prune()).isFalse();
    assertThat(read.of(CALLER, StatsScope.ALL, ReadStats.LONGEST).total().submitted()).isOne();

    clock.advance(HOUR.plus(MINUTE));
    assertThat(new PruneStats(memory, clock).prune()).isFalse();
    assertThat(memory.read(StatsScope.ALL, Instant.EPOCH, clock.instant())).isEmpty();
  }

  private JobCounts total(StatsScope scope) {
    return read.of(CALLER, scope, HOUR).total();
  }
}
