package io.quikqueue.domain.usecase.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.CatchUp;
import io.quikqueue.domain.schedule.Dst;
import io.quikqueue.domain.schedule.Firing;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.ScheduleText;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules.Declared;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeclareSchedulesTest {

  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private final SettableClock clock = new SettableClock(NOON);
  private final InMemoryStore store = new InMemoryStore(clock);
  private final ScheduleStore schedules = store.schedules();

  @Test
  void whatTheFileSaysOfItsPauseCounts() {
    declare(null, null);
    assertThat(pause()).isNull();

    declare(true, "one");
    assertThat(pause()).isEqualTo(new SchedulePause("one", DeclareSchedules.FILE, NOON));
    Schedule before = found();
    declare(true, "one");
    assertThat(found()).isEqualTo(before);
    declare(true, "two");
    assertThat(pause().note()).isEqualTo("two");
    declare(null, null);
    assertThat(pause().note()).isEqualTo("two");

    clock.set(NOON.plusSeconds(7200));
    declare(false, null);
    assertThat(pause()).isNull();
    assertThat(found().state().settledUntil()).isEqualTo(NOON.plusSeconds(7200));
  }

  @Test
  void whatAnOperatorPausedStaysPaused() {
    declare(null, null);
    Schedule now = found();
    SchedulePause byHand = new SchedulePause("by hand", "ann", NOON);
    Schedule paused =
        new Firing(now, NOON, () -> null).pause(byHand).plan(now.version() + 1).after();
    assertThat(schedules.replace(now.version(), paused)).isTrue();

    declare(false, null);
    assertThat(pause()).isEqualTo(byHand);
    declare(true, "file");
    assertThat(pause()).isEqualTo(byHand);
  }

  @Test
  void oneThatCannotBeDeclaredKeepsNoOther() {
    boolean[] broken = {true};
    ScheduleStore breaks =
        (ScheduleStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ScheduleStore.class},
                (_, method, arguments) -> {
                  if (broken[0] && method.getName().equals("find") && arguments[0].equals("bad")) {
                    throw new IllegalStateException("cannot be read");
                  }
                  return method.invoke(schedules, arguments);
                });
    Declared good = new Declared(spec(null, Duration.ZERO, null), null, null);
    Map<String, Declared> files = Map.of("a", good, "bad", good, "c", good, "d", good);
    DeclareSchedules declare = new DeclareSchedules(manage(breaks), breaks, files);

    assertThat(declare.declare()).isEqualTo(Duration.ofMinutes(1));
    assertThat(schedules.declared()).containsExactlyInAnyOrder("a", "c", "d");

    broken[0] = false;
    assertThat(declare.declare()).isEqualTo(Duration.ofHours(1));
    assertThat(schedules.declared()).containsExactlyInAnyOrder("a", "bad", "c", "d");
  }

  @Test
  void oneThatCannotBeReadGivesWayToTheFile() {
    declare(null, null);
    store.spoilSchedule("n", "Unknown time-zone ID: Mars/Olympus");

    declare(null, null);

    assertThat(found().declared()).isTrue();
  }

  @Test
  void oneThatCannotBeReadGoesWithItsFile() {
    declare(null, null);
    store.spoilSchedule("n", "Unknown time-zone ID: Mars/Olympus");

    new DeclareSchedules(manage(schedules), schedules, Map.of()).declare();

    assertThat(schedules.list(null, 10).schedules()).isEmpty();
  }

  @Test
  void whatIsFinerThanAMillisecondIsLeftOut() {
    ScheduleSpec fine =
        spec(
            NOON.plusNanos(1_234_567),
            Duration.ofNanos(1_500_001),
            Duration.ofNanos(2_000_000_001));

    assertThat(ScheduleText.readSpec(ScheduleText.write(fine), fine.job())).isEqualTo(fine);
  }

  private void declare(Boolean paused, String note) {
    Declared declared = new Declared(spec(null, Duration.ZERO, null), paused, note);
    new DeclareSchedules(manage(schedules), schedules, Map.of("n", declared)).declare();
  }

  private Schedule found() {
    return schedules.find("n").orElseThrow();
  }

  private SchedulePause pause() {
    return found().state().paused();
  }

  private ManageSchedules manage(ScheduleStore to) {
    PlanWriter plans =
        new PlanWriter(
            to,
            store,
            JobListener.announcing(_ -> {}),
            clock,
            new JobIds(clock, new Random(1)::nextLong),
            () -> PolicyTable.EMPTY,
            () -> LimitTable.EMPTY,
            Meter.NONE);
    return new ManageSchedules(plans, null);
  }

  private static ScheduleSpec spec(Instant end, Duration jitter, Duration window) {
    Timing timing =
        new Timing(
            List.of(),
            List.of(),
            Duration.ofHours(1),
            null,
            List.of(),
            ZoneOffset.UTC,
            Dst.DEFAULT,
            null,
            end);
    return new ScheduleSpec(
        timing,
        JobSpec.of("echo", "1"),
        OnConflict.REJECT,
        OverlapPolicy.SKIP,
        new CatchUp(CatchUp.Kind.ALL, window),
        jitter,
        null,
        null);
  }
}
