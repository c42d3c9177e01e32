package io.quikqueue.domain.usecase.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.CatchUp;
import io.quikqueue.domain.schedule.Dst;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.schedule.OperateSchedules.Backfill;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackfillTest {

  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock(NOON);
  private final InMemoryStore store = new InMemoryStore(clock);
  private final PlanWriter plans =
      new PlanWriter(
          store.schedules(),
          store,
          JobListener.announcing(_ -> {}),
          clock,
          new JobIds(clock, new Random(1)::nextLong),
          () -> PolicyTable.EMPTY,
          () -> LimitTable.EMPTY,
          Meter.NONE);
  private final ManageSchedules manage = new ManageSchedules(plans, null);
  private final OperateSchedules operate = new OperateSchedules(plans);

  @Test
  void whatHasStartedAJobIsKnownWhileAllFiresAreKept() {
    fireEachMinute(ScheduleStore.KEPT);

    Backfill found = backfill(1, 1);
    assertThat(found.times()).containsExactly(minute(1));
    assertThat(found.already()).containsExactly(minute(1));
  }

  @Test
  void timesOfForgottenFiresAreRefused() {
    fireEachMinute(ScheduleStore.KEPT + 1);

    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> backfill(1, 3))
        .satisfies(
            refusal -> {
              assertThat(refusal.field()).isEqualTo("from");
              assertThat(refusal.problem()).contains(minute(2).toString());
            });
    assertThat(backfill(2, 3).already()).containsExactly(minute(2), minute(3));
  }

  @Test
  void noTimeIsKnownWhenNoScheduledFireIsKept() {
    fireEachMinute(2);
    for (int hour = 1; hour <= 2; hour++) {
      clock.advance(Duration.ofHours(1));
      for (int i = 0; i < 60; i++) {
        operate.trigger(CALLER, "n", OverlapPolicy.ALLOW_ALL);
        clock.advance(Duration.ofMillis(1));
      }
    }

    assertThatExceptionOfType(InvalidFieldException.class).isThrownBy(() -> backfill(1, 1));
  }

  private Backfill backfill(int from, int to) {
    return operate
        .backfill(CALLER, "n", minute(from), minute(to), OverlapPolicy.ALLOW_ALL, false)
        .orElseThrow();
  }

  private static Instant minute(int number) {
    return NOON.plus(Duration.ofMinutes(number));
  }

  private void fireEachMinute(int times) {
    Timing timing =
        new Timing(
            List.of(),
            List.of(),
            Duration.ofMinutes(1),
            null,
            List.of(),
            ZoneOffset.UTC,
            Dst.DEFAULT,
            null,
            null);
    ScheduleSpec spec =
        new ScheduleSpec(
            timing,
            JobSpec.of("echo", "1"),
            OnConflict.REJECT,
            OverlapPolicy.ALLOW_ALL,
            CatchUp.DEFAULT,
            Duration.ZERO,
            null,
            null);
    assertThat(manage.write(null, manage.of("n", spec, null, false, "x", null, null))).isTrue();
    FireSchedules fire = new FireSchedules(plans);
    for (int i = 0; i < times; i++) {
      clock.advance(Duration.ofMinutes(1));
      fire.fire(Duration.ofSeconds(1));
    }
  }
}
