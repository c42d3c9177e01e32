package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.ScheduleStore.CreateResult;
import io.quikqueue.domain.port.ScheduleStore.Page;
import io.quikqueue.domain.port.ScheduleStore.Write;
import io.quikqueue.domain.port.ScheduleStore.Written;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.schedule.CalendarTime;
import io.quikqueue.domain.schedule.CatchUp;
import io.quikqueue.domain.schedule.Cron;
import io.quikqueue.domain.schedule.Dst;
import io.quikqueue.domain.schedule.Exclusion;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Fire.Outcome;
import io.quikqueue.domain.schedule.Firing;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.ScheduleState;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.schedule.UnreadableSchedule;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ScheduleStore} guarantees. */
public abstract class SchedulesContract extends StoreContract {

  protected static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  protected ScheduleStore schedules;
  private long version = 1;

  /** Lets a schedule be one whose time zone nobody knows. */
  protected abstract void spoil(String name);

  @BeforeEach
  void setSchedules() {
    schedules = stores.schedules();
  }

  @Test
  void thereAreNoneAtFirst() {
    assertThat(schedules.find("a")).isEmpty();
    assertThat(schedules.list(null, 10)).isEqualTo(new Page(List.of(), false));
    assertThat(schedules.declared()).isEmpty();
    assertThat(schedules.due(NOON, 10)).isEmpty();
    assertThat(schedules.nextLook()).isEmpty();
    assertThat(schedules.fires("a", 10)).isEmpty();
    assertThat(schedules.replace(1, schedule("a"))).isFalse();
    assertThat(schedules.delete("a", 1)).isFalse();
    assertThat(schedules.write(List.of(fired(schedule("a"), NOON.plusSeconds(60))))).isEmpty();
    assertThat(allJobs()).isEmpty();
  }

  @Test
  void allOfAScheduleIsKept() {
    Timing crons =
        new Timing(
            List.of(Cron.parse("0 9 * * MON-FRI"), Cron.parse("@daily")),
            List.of(),
            null,
            null,
            List.of(Exclusion.parse("2026-12-24/2027-01-01"), Exclusion.parse("* 12 * * *")),
            ZoneId.of("Europe/Berlin"),
            new Dst(Dst.Gap.SKIP, Dst.Overlap.BOTH),
            NOON,
            NOON.plusSeconds(1_000_000));
    ScheduleSpec full =
        new ScheduleSpec(
            crons,
            JobSpec.builder("echo", "{\"a\": {\"$schedule\": \"scheduled_at\"}, \"b\": \"漢\"}")
                .queue("nightly")
                .priority(2)
                .labels(Map.of("team", "é"))
                .group("g")
                .owner("me")
                .build(),
            new OnConflict(OnConflict.Kind.REPLACE, null, null),
            OverlapPolicy.BUFFER_ALL,
            new CatchUp(CatchUp.Kind.ALL, Duration.ofHours(3)),
            Duration.ofSeconds(30),
            7,
            3);
    Fire buffered =
        new Fire(9, NOON, NOON.plusNanos(1000), Fire.Kind.BACKFILLED, Outcome.BUFFERED, null, null);
    Fire started =
        new Fire(10, tick(), tick(), Fire.Kind.TRIGGERED, Outcome.STARTED, jobs.anId(), null);
    ScheduleState state =
        new ScheduleState(
            tick(),
            tick(),
            null,
            5,
            new SchedulePause("why = \"漢\"", "someone", tick()),
            List.of(buffered, started),
            2,
            100,
            10_000_000_000L,
            3,
            10);
    Schedule all = new Schedule("all.of-it_1", jobs.anId(), full, true, 42, "é", tick(), state, -7);
    Schedule calendar =
        schedule(
            "B",
            new Timing(
                List.of(),
                List.of(new CalendarTime("0", "0", "9", "*", "*", "1-5")),
                null,
                null,
                List.of(),
                ZoneOffset.UTC,
                Dst.DEFAULT,
                null,
                null));
    Schedule once =
        schedule(
            "c",
            new Timing(
                List.of(),
                List.of(),
                null,
                NOON,
                List.of(),
                ZoneOffset.UTC,
                Dst.DEFAULT,
                null,
                null));
    for (Schedule each : List.of(all, calendar, once)) {
      assertThat(schedules.create(each)).isEqualTo(CreateResult.DONE);
      assertThat(schedules.find(each.name())).contains(each);
    }

    assertThat(schedules.list(null, 2)).isEqualTo(new Page(List.of(calendar, all), true));
    assertThat(schedules.list("all.of-it_1", 2)).isEqualTo(new Page(List.of(once), false));
    assertThat(schedules.declared()).containsExactly("all.of-it_1");
  }

  @Test
  void aNameIsTakenOnce() {
    Schedule first = created("a");
    assertThat(schedules.create(first)).isEqualTo(CreateResult.DONE); // its answer was lost
    assertThat(schedules.create(schedule("a"))).isEqualTo(CreateResult.EXISTS);
    assertThat(schedules.create(schedule("A"))).isEqualTo(CreateResult.DONE);
    assertThat(schedules.find("a")).contains(first);
  }

  @Test
  void whatWasChangedMeanwhileIsLeftAlone() {
    Schedule first = created("a");
    Schedule second =
        new Schedule(
            "a", first.id(), every(3600), true, 2, "other", tick(), first.state(), ++version);

    assertThat(schedules.replace(first.version(), second)).isTrue();
    assertThat(schedules.replace(first.version(), second)).isTrue(); // its answer was lost
    assertThat(schedules.find("a")).contains(second);
    assertThat(schedules.replace(first.version(), schedule("a"))).isFalse();
    assertThat(schedules.find("a")).contains(second);
  }

  @Test
  void aFireIsWrittenWithItsJob() {
    Schedule schedule = created("a");
    Write write = fired(schedule, NOON.plusSeconds(61));

    List<Written> written = schedules.write(List.of(write));

    assertThat(written).hasSize(1);
    Job job = written.getFirst().jobs().getFirst();
    assertThat(found(job.id()).state()).isEqualTo(JobState.QUEUED);
    assertThat(found(job.id()).spec().labels()).containsEntry("schedule", "a");
    assertThat(found(job.id()).spec().payload()).contains("2026-11-30T12:01:00Z");
    assertThat(schedules.find("a")).contains(write.plan().after());
    Fire fire = schedules.fires("a", 10).getFirst();
    assertThat(fire.at()).isEqualTo(NOON.plusSeconds(60));
    assertThat(fire.outcome()).isEqualTo(Outcome.STARTED);
    assertThat(fire.job()).isEqualTo(job.id());
    if (stores.outbox() != null) {
      assertThat(stores.outbox().size()).isEqualTo(1);
    }
  }

  @Test
  void aPlanIsWrittenOnce() {
    Schedule schedule = created("a");
    Write write = fired(schedule, NOON.plusSeconds(61));
    schedules.write(List.of(write));

    assertThat(schedules.write(List.of(write))).hasSize(1); // its answer was lost
    assertThat(schedules.write(List.of(fired(schedule, NOON.plusSeconds(62))))).isEmpty();
    assertThat(allJobs()).hasSize(1);
    assertThat(schedules.fires("a", 10)).hasSize(1);
  }

  @Test
  void ofManyWhoFireAtOnceOneDoes() throws Exception {
    Schedule schedule = created("a");
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Write write = fired(schedule, NOON.plusSeconds(61));
      tasks.add(() -> schedules.write(List.of(write)).size());
    }

    assertThat(atOnce(tasks)).containsOnlyOnce(1);
    assertThat(allJobs()).hasSize(1);
    assertThat(schedules.fires("a", 10)).hasSize(1);
  }

  @Test
  void aTimeHasOneFireWhateverTheStateSays() {
    Schedule schedule = created("a");
    Schedule after = written(fired(schedule, NOON.plusSeconds(61)));
    ScheduleState set = after.state();
    Schedule back =
        new Schedule(
            "a",
            after.id(),
            after.spec(),
            false,
            1,
            "x",
            NOON,
            new ScheduleState(
                schedule.state().settledUntil(),
                NOON,
                NOON,
                null,
                null,
                List.of(),
                0,
                0,
                0,
                0,
                set.last()),
            ++version);
    assertThat(schedules.replace(after.version(), back)).isTrue();

    Schedule again = written(fired(back, NOON.plusSeconds(61)));

    assertThat(allJobs()).hasSize(1);
    assertThat(schedules.fires("a", 10)).hasSize(1);
    assertThat(again.state().open()).isEmpty();
    assertThat(again.state().fired()).isZero();
    assertThat(again.state().settledUntil()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void aJobThatIsNotTakenIsTold() {
    Schedule full = created("full");
    Schedule other = created("other");
    SchedulePlan plan = plan(full, NOON.plusSeconds(61));
    Write write =
        new Write(
            plan,
            List.of(
                new Submission(job(plan), null, NOON.plusSeconds(9999), new MaxWaiting(0, null))));

    List<Written> written = schedules.write(List.of(write, fired(other, NOON.plusSeconds(61))));

    assertThat(written).hasSize(2);
    assertThat(written.getFirst().jobs()).isEmpty();
    assertThat(written.getLast().jobs()).hasSize(1);
    Fire fire = schedules.fires("full", 10).getFirst();
    assertThat(fire.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(fire.job()).isNull();
    assertThat(fire.cause()).isNotEmpty();
    Schedule after = schedules.find("full").orElseThrow();
    assertThat(after.state().open()).isEmpty();
    assertThat(after.state().fired()).isZero();
    assertThat(allJobs()).hasSize(1);
  }

  @Test
  void aFireIsChangedInPlace() {
    Schedule first = written(fired(created("a"), NOON.plusSeconds(61)));
    JobId job = Firing.awaited(first).getFirst();

    Instant now = NOON.plusSeconds(121);
    SchedulePlan second =
        new Firing(first, now, jobs::anId)
            .settle(Map.of(job, JobState.DONE))
            .fireDue()
            .plan(++version);
    written(write(second));

    List<Fire> fires = schedules.fires("a", 10);
    assertThat(fires).extracting(Fire::number).containsExactly(2L, 1L);
    assertThat(fires).extracting(Fire::outcome).containsExactly(Outcome.STARTED, Outcome.DONE);
    assertThat(schedules.fires("a", 1)).containsExactly(fires.getFirst());
  }

  @Test
  void theDueOnesAreFoundInTheirOrder() {
    Schedule later = schedule("a", timing(7200));
    Schedule sooner = schedule("z", timing(60));
    Schedule never = schedule("n", timing(60));
    never =
        new Schedule(
            "n",
            never.id(),
            never.spec(),
            false,
            1,
            "x",
            NOON,
            new Firing(never, NOON, jobs::anId)
                .pause(new SchedulePause("", "x", NOON))
                .plan(9)
                .after()
                .state(),
            9);
    for (Schedule each : List.of(later, sooner, never)) {
      assertThat(schedules.create(each)).isEqualTo(CreateResult.DONE);
    }

    assertThat(schedules.nextLook()).contains(NOON.plusSeconds(60));
    assertThat(schedules.due(NOON.plusSeconds(59), 10)).isEmpty();
    assertThat(schedules.due(NOON.plusSeconds(60), 10)).containsExactly(sooner);
    assertThat(schedules.due(NOON.plusSeconds(7200), 10)).containsExactly(sooner, later);
    assertThat(schedules.due(NOON.plusSeconds(7200), 1)).containsExactly(sooner);
  }

  @Test
  void oneThatCannotBeReadHidesNoOtherAndCanBeDeleted() {
    Schedule before = created("a");
    Schedule broken = created("b");
    Schedule behind = created("c");
    spoil("b");

    List<StoredSchedule> listed = schedules.list(null, 10).schedules();
    assertThat(listed).hasSize(3).contains(before, behind);
    assertThat(listed.get(1))
        .isInstanceOfSatisfying(
            UnreadableSchedule.class,
            each -> {
              assertThat(each.name()).isEqualTo("b");
              assertThat(each.declared()).isFalse();
              assertThat(each.revision()).isEqualTo(broken.revision());
              assertThat(each.version()).isEqualTo(broken.version());
              assertThat(each.reason()).contains("Mars/Olympus");
            });
    assertThatThrownBy(() -> schedules.find("b"))
        .isInstanceOfSatisfying(
            UnusableScheduleException.class,
            e -> assertThat(e.schedule()).isEqualTo(listed.get(1)));
    assertThat(schedules.due(NOON.plusSeconds(60), 10)).hasSize(3).contains(before, behind);

    assertThat(schedules.delete("b", broken.version())).isTrue();
    assertThat(schedules.list(null, 10).schedules()).containsExactly(before, behind);
  }

  @Test
  void whatIsPutOffIsLookedAtLaterUnlessItIsChanged() {
    Schedule one = created("a");
    Schedule other = created("b");
    Instant later = NOON.plusSeconds(120);
    Schedule changed = schedule("b");
    assertThat(schedules.replace(other.version(), changed)).isTrue();

    schedules.putOff(List.of(one, other), later);
    schedules.putOff(List.of(), later);

    assertThat(schedules.due(NOON.plusSeconds(60), 10)).containsExactly(changed);
    assertThat(schedules.due(later, 10)).containsExactlyInAnyOrder(one, changed);
    assertThat(schedules.find("a")).contains(one);
    assertThat(schedules.replace(one.version(), one)).isTrue();
    assertThat(schedules.due(NOON.plusSeconds(60), 10)).hasSize(2);
  }

  @Test
  void onlyTheLastFiresAreKept() {
    Schedule schedule = created("a");
    for (int i = 1; i <= ScheduleStore.KEPT + 30; i++) {
      Instant now = NOON.plusSeconds(60L * i);
      Map<JobId, JobState> ended = new HashMap<>();
      Firing.awaited(schedule).forEach(job -> ended.put(job, JobState.DONE));
      schedule =
          written(
              write(new Firing(schedule, now, jobs::anId).settle(ended).fireDue().plan(++version)));
    }

    List<Fire> kept = schedules.fires("a", 1000);
    assertThat(kept.size()).isBetween(ScheduleStore.KEPT, ScheduleStore.KEPT + 20);
    assertThat(kept.getFirst().number()).isEqualTo(ScheduleStore.KEPT + 30L);
  }

  @Test
  void aDeletedScheduleTakesItsFiresWithIt() {
    Schedule after = written(fired(created("a"), NOON.plusSeconds(61)));

    assertThat(schedules.delete("a", after.version() + 1)).isFalse();
    assertThat(schedules.delete("a", after.version())).isTrue();
    assertThat(schedules.find("a")).isEmpty();
    assertThat(schedules.fires("a", 10)).isEmpty();
    assertThat(schedules.nextLook()).isEmpty();
    assertThat(allJobs()).hasSize(1);
    created("a");
    assertThat(schedules.fires("a", 10)).isEmpty();
  }

  protected Schedule created(String name) {
    Schedule schedule = schedule(name);
    assertThat(schedules.create(schedule)).isEqualTo(CreateResult.DONE);
    return schedule;
  }

  /** Likewise, of a job with this payload. */
  protected void created(String name, String payload) {
    Schedule plain = schedule(name);
    Schedule schedule =
        new Schedule(
            name,
            plain.id(),
            plain.spec().withJob(JobSpec.of("echo", payload)),
            false,
            1,
            "anonymous",
            tick(),
            plain.state(),
            plain.version());
    assertThat(schedules.create(schedule)).isEqualTo(CreateResult.DONE);
  }

  @Test
  void schedulesWithinAScopeAreListedInFullPages() {
    for (int i = 0; i < 9; i++) {
      schedules.create(in(i % 3 == 0 ? "own" : "other", "s" + i));
    }
    Scope scope = new Scope(Set.of("own"), Set.of("echo"));

    Page first = schedules.list(scope, null, 2);
    assertThat(first.schedules()).extracting(StoredSchedule::name).containsExactly("s0", "s3");
    assertThat(first.more()).isTrue();
    Page last = schedules.list(scope, "s3", 2);
    assertThat(last.schedules()).extracting(StoredSchedule::name).containsExactly("s6");
    assertThat(last.more()).isFalse();
    assertThat(schedules.list(Scope.NONE, null, 2)).isEqualTo(new Page(List.of(), false));
  }

  private Schedule in(String queue, String name) {
    Schedule plain = schedule(name);
    ScheduleSpec spec = plain.spec().withJob(plain.spec().job().toBuilder().queue(queue).build());
    return new Schedule(
        name,
        plain.id(),
        spec,
        false,
        1,
        "anonymous",
        plain.changedAt(),
        plain.state(),
        plain.version());
  }

  private Schedule schedule(String name) {
    return schedule(name, timing(60));
  }

  private Schedule schedule(String name, Timing timing) {
    ScheduleState state = new ScheduleState(NOON, null, null, null, null, List.of(), 0, 0, 0, 0, 0);
    Schedule bare =
        new Schedule(
            name, jobs.anId(), spec(timing), false, 1, "anonymous", tick(), state, ++version);
    return new Firing(bare, NOON, jobs::anId).plan(++version).after();
  }

  private static ScheduleSpec every(int seconds) {
    return spec(timing(seconds));
  }

  private static Timing timing(int seconds) {
    return new Timing(
        List.of(),
        List.of(),
        Duration.ofSeconds(seconds),
        null,
        List.of(),
        ZoneOffset.UTC,
        Dst.DEFAULT,
        null,
        null);
  }

  private static ScheduleSpec spec(Timing timing) {
    return new ScheduleSpec(
        timing,
        JobSpec.of("echo", "{\"at\": {\"$schedule\": \"scheduled_at\"}}"),
        OnConflict.REJECT,
        OverlapPolicy.SKIP,
        CatchUp.DEFAULT,
        Duration.ZERO,
        null,
        null);
  }

  private SchedulePlan plan(Schedule schedule, Instant now) {
    return new Firing(schedule, now, jobs::anId).fireDue().plan(++version);
  }

  protected Write fired(Schedule schedule, Instant now) {
    return write(plan(schedule, now));
  }

  private Write write(SchedulePlan plan) {
    return new Write(
        plan, plan.starts().isEmpty() ? List.of() : List.of(new Submission(job(plan), null)));
  }

  private Job job(SchedulePlan plan) {
    SchedulePlan.Start start = plan.starts().getFirst();
    return Job.submit(start.id(), start.spec(), null, false, tick()).job();
  }

  private Schedule written(Write write) {
    List<Written> written = schedules.write(List.of(write));
    assertThat(written).hasSize(1);
    Schedule after = schedules.find(write.plan().before().name()).orElseThrow();
    assertThat(after).isEqualTo(written.getFirst().plan().after());
    return after;
  }
}
