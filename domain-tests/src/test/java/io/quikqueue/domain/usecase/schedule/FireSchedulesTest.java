package io.quikqueue.domain.usecase.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.CatchUp;
import io.quikqueue.domain.schedule.Dst;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FireSchedulesTest {

  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final String SLOT = "0".repeat(64);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SettableClock clock = new SettableClock(NOON);
  private final InMemoryStore store = new InMemoryStore(clock);
  private final ScheduleStore schedules = store.schedules();
  private final List<Job> announced = new ArrayList<>();
  private final JobIds ids = new JobIds(clock, new Random(1)::nextLong);
  private final List<Object> unusable = new ArrayList<>();
  private final Meter meter =
      (Meter)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Meter.class},
              (_, method, arguments) -> {
                if (method.getName().equals("scheduleUnusable")) {
                  unusable.add(arguments[0]);
                }
                return method.invoke(Meter.NONE, arguments);
              });
  private LimitTable limits = LimitTable.EMPTY;
  private final FireSchedules one = new FireSchedules(plans());
  private final FireSchedules other = new FireSchedules(plans());

  private PlanWriter plans() {
    return new PlanWriter(
        schedules,
        store,
        JobListener.announcing(announced::addAll),
        clock,
        ids,
        () -> PolicyTable.EMPTY,
        () -> limits,
        meter);
  }

  @Test
  void waitsUntilTheNextIsDue() {
    assertThat(one.fire(SECOND)).isEqualTo(SECOND);
    declare("a", 60, OverlapPolicy.SKIP);
    assertThat(one.fire(SECOND)).isEqualTo(SECOND);
    clock.advance(Duration.ofMillis(59_700));
    assertThat(one.fire(SECOND)).isEqualTo(Duration.ofMillis(300));
    clock.advance(Duration.ofMillis(299));
    assertThat(one.fire(SECOND)).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void firesAndAnnounces() {
    declare("a", 60, OverlapPolicy.SKIP);
    clock.advance(Duration.ofMinutes(1));

    assertThat(one.fire(SECOND)).isEqualTo(Duration.ZERO);

    assertThat(jobs()).hasSize(1);
    assertThat(announced).extracting(Job::id).containsExactly(jobs().getFirst().id());
  }

  @Test
  void whoDiesBetweenAFireAndItsRecordHasDoneNeither() {
    declare("a", 60, OverlapPolicy.SKIP);
    clock.advance(Duration.ofMinutes(1));
    // Decided and not written: the process died. Another decides anew.
    plans()
        .firing(schedules.find("a").orElseThrow(), clock.instant())
        .fireDue()
        .plan(plans().nextVersion());

    other.fire(SECOND);

    assertThat(jobs()).hasSize(1);
  }

  @Test
  void twoThatBelieveTheyLeadMakeOneJobOfEachTime() {
    for (int i = 0; i < 5; i++) {
      declare("s" + i, 60, OverlapPolicy.ALLOW_ALL);
    }
    Random random = new Random(7);
    for (int step = 0; step < 200; step++) {
      clock.advance(Duration.ofMillis(random.nextInt(5_000)));
      List<FireSchedules> both = random.nextBoolean() ? List.of(one, other) : List.of(other, one);
      both.forEach(each -> each.fire(SECOND));
    }
    long minutes = Duration.between(NOON, clock.instant()).toMinutes();
    TreeSet<String> distinct = new TreeSet<>();
    jobs().forEach(job -> distinct.add(job.spec().labels().get("schedule") + job.spec().payload()));
    assertThat(jobs()).hasSize((int) (5 * minutes));
    assertThat(distinct).hasSize((int) (5 * minutes));
  }

  @Test
  void cancelOtherCancelsTheOneBefore() {
    declare("a", 60, OverlapPolicy.CANCEL_OTHER);
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);
    JobId first = jobs().getFirst().id();
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);

    assertThat(store.states(List.of(first))).containsEntry(first, JobState.CANCELLED);
    assertThat(jobs()).hasSize(2);
  }

  @Test
  void oneThatIsUniqueByItsPayloadIsSoByThatWithTheTimes() {
    Unique unique = new Unique(Unique.Within.QUEUE, null, SLOT, Unique.UNTIL_ENDED, null);
    declare("a", 60, OverlapPolicy.ALLOW_ALL, job().unique(unique).build());
    declare("b", 60, OverlapPolicy.ALLOW_ALL, job().unique(unique).build());
    for (int i = 0; i < 2; i++) {
      clock.advance(Duration.ofMinutes(1));
      one.fire(SECOND);
    }

    assertThat(jobs()).extracting(job -> job.spec().payload()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void cancelOtherCancelsNothingWhenItsJobIsRefused() {
    declare("a", 60, OverlapPolicy.CANCEL_OTHER);
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);
    JobId first = jobs().getFirst().id();
    mostWaiting(1, null);
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);

    assertThat(jobs()).hasSize(1);
    assertThat(store.states(List.of(first))).containsEntry(first, JobState.QUEUED);
  }

  @Test
  void cancelOtherFreesTheSlotThatTheNextNeeds() {
    declare("a", 60, OverlapPolicy.CANCEL_OTHER, alone());
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofMinutes(1));
      one.fire(SECOND);
    }
    clock.advance(SECOND);
    one.fire(SECOND);

    assertThat(jobs())
        .extracting(Job::state)
        .containsExactlyInAnyOrder(JobState.CANCELLED, JobState.CANCELLED, JobState.QUEUED);
  }

  @Test
  void oneThatIsUniqueIsCancelledOnlyOnceTheNextFireIsWritten() {
    declare("a", 60, OverlapPolicy.CANCEL_OTHER, alone());
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);
    JobId first = jobs().getFirst().id();
    clock.advance(Duration.ofMinutes(1));
    Schedule now = schedules.find("a").orElseThrow();
    PlanWriter plans = plans();
    SchedulePlan stale = plans.firing(now, clock.instant()).fireDue().plan(plans.nextVersion());
    Schedule changed = plans.firing(now, clock.instant()).plan(plans.nextVersion()).after();
    assertThat(schedules.replace(now.version(), changed)).isTrue();

    assertThat(stale.cancels()).containsExactly(first);
    assertThat(plans.write(List.of(stale))).isEmpty();
    assertThat(store.states(List.of(first))).containsEntry(first, JobState.QUEUED);
  }

  @Test
  void whomACrashLeavesInThePlaceOfTheNextTheNextLookCancels() {
    declare("a", 60, OverlapPolicy.CANCEL_OTHER, alone());
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);
    JobId first = jobs().getFirst().id();
    clock.advance(Duration.ofMinutes(1));
    Schedule now = schedules.find("a").orElseThrow();
    SchedulePlan plan = plans().firing(now, clock.instant()).fireDue().plan(plans().nextVersion());
    // Written, and not told to anybody: the process died.
    assertThat(schedules.write(List.of(new ScheduleStore.Write(plan, List.of())))).hasSize(1);

    for (int i = 0; i < 2; i++) {
      clock.advance(SECOND);
      one.fire(SECOND);
    }

    assertThat(store.states(List.of(first))).containsEntry(first, JobState.CANCELLED);
    clock.advance(SECOND);
    one.fire(SECOND);
    assertThat(jobs()).extracting(Job::state).contains(JobState.QUEUED);
  }

  private static JobSpec alone() {
    Unique unique = new Unique(Unique.Within.QUEUE, "k", SLOT, Unique.UNTIL_ENDED, null);
    return job().unique(unique).build();
  }

  @Test
  void manyThatAreDueAtOnceAllFire() {
    for (int i = 0; i < 450; i++) {
      declare("s" + i, 60, OverlapPolicy.SKIP);
    }
    clock.advance(Duration.ofMinutes(1));
    int calls = 0;
    while (one.fire(SECOND).isZero()) {
      calls++;
    }
    assertThat(calls).isEqualTo(3);
    assertThat(jobs()).hasSize(450);
  }

  @Test
  void noMoreJobsOfAGroupWaitThanItsQueueAllows() {
    mostWaiting(null, 1);
    declare("a", 60, OverlapPolicy.ALLOW_ALL, job().group("g").build());
    for (int i = 0; i < 2; i++) {
      clock.advance(Duration.ofMinutes(1));
      one.fire(SECOND);
    }

    assertThat(jobs()).hasSize(1);
    assertThat(jobs().getFirst().spec().countedInGroup()).isTrue();
    assertThat(schedules.fires("a", 1))
        .extracting(Fire::outcome)
        .containsExactly(Fire.Outcome.REFUSED);
  }

  @Test
  void oneThatCannotBeReadKeepsNoOtherFromFiringAndIsCountedOnceAMinute() {
    declare("a", 60, OverlapPolicy.SKIP);
    declare("b", 60, OverlapPolicy.SKIP);
    store.spoilSchedule("a", "Unknown time-zone ID: Mars/Olympus");
    clock.advance(Duration.ofMinutes(1));

    for (int i = 0; i < 30; i++) {
      one.fire(SECOND);
      clock.advance(Duration.ofMillis(1_900));
    }

    assertThat(jobs()).extracting(job -> job.spec().labels().get("schedule")).containsExactly("b");
    assertThat(unusable).containsExactly("unreadable");
    clock.advance(Duration.ofMinutes(1));
    one.fire(SECOND);
    assertThat(unusable).containsExactly("unreadable", "unreadable");
  }

  @Test
  void oneWhosePayloadCannotBeOpenedStartsNoJobUntilTheKeyIsThere() {
    String sealed = SealedText.of("k1", "AAAA");
    declare("a", 60, OverlapPolicy.SKIP, job().payload(sealed).build());
    clock.advance(Duration.ofMinutes(1));

    while (one.fire(SECOND).isZero()) {}

    assertThat(jobs()).isEmpty();
    assertThat(unusable).containsExactly("key");
    Schedule closed = schedules.find("a").orElseThrow();
    assertThat(closed.unusable()).contains("k1");
    OperateSchedules operate = new OperateSchedules(plans());
    Caller me = Caller.anonymous("");
    assertThatThrownBy(() -> operate.trigger(me, "a", OverlapPolicy.ALLOW_ALL))
        .isInstanceOf(UnusableScheduleException.class);
    assertThatThrownBy(
            () ->
                operate.backfill(
                    me, "a", NOON, NOON.plusSeconds(60), OverlapPolicy.BUFFER_ALL, false))
        .isInstanceOf(UnusableScheduleException.class);
    assertThat(jobs()).isEmpty();
  }

  private void mostWaiting(@Nullable Integer ofQueue, @Nullable Integer ofGroup) {
    Limits most = new Limits(null, null, null, null, ofQueue, ofGroup, Map.of());
    limits = new LimitTable(1, Map.of(job().build().queue(), most), Map.of());
  }

  private static JobSpec.Builder job() {
    return JobSpec.of("echo", "{\"$schedule\": \"scheduled_at\"}").toBuilder();
  }

  private List<Job> jobs() {
    List<JobId> found =
        store.list(new JobQuery(null, null, null, Map.of(), null, 500)).jobs().stream()
            .map(Job::id)
            .toList();
    return List.copyOf(store.find(found).values());
  }

  private void declare(String name, int seconds, OverlapPolicy overlap) {
    declare(name, seconds, overlap, job().build());
  }

  private void declare(String name, int seconds, OverlapPolicy overlap, JobSpec job) {
    Timing timing =
        new Timing(
            List.of(),
            List.of(),
            Duration.ofSeconds(seconds),
            null,
            List.of(),
            ZoneOffset.UTC,
            Dst.DEFAULT,
            null,
            null);
    ScheduleSpec spec =
        new ScheduleSpec(
            timing, job, OnConflict.REJECT, overlap, CatchUp.DEFAULT, Duration.ZERO, null, null);
    ManageSchedules manage = new ManageSchedules(plans(), null);
    assertThat(manage.write(null, manage.of(name, spec, null, false, "x", null, null))).isTrue();
  }
}
