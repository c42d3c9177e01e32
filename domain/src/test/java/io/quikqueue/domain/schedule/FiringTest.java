package io.quikqueue.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.schedule.Fire.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FiringTest {

  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private final Map<JobId, JobState> states = new HashMap<>();
  private Schedule schedule;
  private SchedulePlan last;
  private long ids;

  @Test
  void firesAtItsTimeAndNotBefore() {
    start(OverlapPolicy.SKIP, CatchUp.DEFAULT);
    assertThat(schedule.state().lookAt()).isEqualTo(at(1));

    fire(at(1).minusMillis(1));
    assertThat(last.starts()).isEmpty();
    fire(at(1));

    assertThat(last.starts()).hasSize(1);
    assertThat(schedule.state().settledUntil()).isEqualTo(at(1));
    assertThat(schedule.state().next()).isEqualTo(at(2));
    assertThat(schedule.state().lookAt()).isEqualTo(at(2));
  }

  @Test
  void thePayloadKnowsItsTimes() {
    start(OverlapPolicy.SKIP, CatchUp.DEFAULT);

    fire(at(1).plusSeconds(2));

    assertThat(last.starts().getFirst().spec().payload())
        .isEqualTo(
            "{\"a\":[\"2026-11-30T12:01:00Z\"],\"b\":\"2026-11-30T12:01:02Z\","
                + "\"c\":\"{\\\"$schedule\\\": \\\"actual_at\\\"}\"}");
  }

  @Test
  void aClockThatIsSetBackFiresNothingTwice() {
    start(OverlapPolicy.ALLOW_ALL, new CatchUp(CatchUp.Kind.ALL, null));
    fire(at(5));
    assertThat(last.starts()).hasSize(5);

    for (int minute = 0; minute <= 5; minute++) {
      fire(at(minute));
      assertThat(last.starts()).isEmpty();
    }
    fire(at(6));
    assertThat(last.starts()).hasSize(1);
  }

  @Test
  void skipStartsNothingWhileTheJobBeforeRuns() {
    start(OverlapPolicy.SKIP, CatchUp.DEFAULT);
    fire(at(1));
    fire(at(2));

    assertThat(outcomes()).containsExactly(Outcome.SKIPPED);
    assertThat(schedule.state().skipped()).isEqualTo(1);
    end(JobState.DONE);
    fire(at(3));
    assertThat(outcomes()).containsExactly(Outcome.DONE, Outcome.STARTED);
  }

  @Test
  void bufferOneKeepsOne() {
    start(OverlapPolicy.BUFFER_ONE, CatchUp.DEFAULT);
    fire(at(1));
    fire(at(2));
    assertThat(outcomes()).containsExactly(Outcome.BUFFERED);
    assertThat(schedule.state().lookAt()).isEqualTo(at(2).plusSeconds(1));
    fire(at(3));
    assertThat(outcomes()).containsExactly(Outcome.SKIPPED);

    end(JobState.FAILED);
    fire(at(3).plusSeconds(1));

    assertThat(outcomes()).containsExactly(Outcome.FAILED, Outcome.STARTED);
    assertThat(last.starts().getFirst().spec().payload()).contains("2026-11-30T12:02:00Z");
  }

  @Test
  void bufferAllKeepsAHundred() {
    start(OverlapPolicy.BUFFER_ALL, CatchUp.DEFAULT);
    for (int minute = 1; minute <= 102; minute++) {
      fire(at(minute));
    }
    assertThat(outcomes()).containsExactly(Outcome.SKIPPED);
    assertThat(schedule.state().open()).hasSize(1 + ScheduleState.MOST_BUFFERED);

    List<String> order = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      end(JobState.DONE);
      fire(at(102).plusSeconds(1));
      order.add(last.starts().getFirst().spec().payload());
    }
    assertThat(order).isSorted().hasSize(100);
  }

  @Test
  void cancelOtherCancelsTheJobBefore() {
    start(OverlapPolicy.CANCEL_OTHER, new CatchUp(CatchUp.Kind.ALL, null));
    fire(at(1));
    List<JobId> running = Firing.awaited(schedule);
    fire(at(4));

    assertThat(last.cancels()).containsExactlyElementsOf(running);
    assertThat(outcomes()).containsExactly(Outcome.SKIPPED, Outcome.SKIPPED, Outcome.STARTED);
  }

  @Test
  void allowAllStartsAllBesideEachOther() {
    start(OverlapPolicy.ALLOW_ALL, CatchUp.DEFAULT);
    for (int minute = 1; minute <= 150; minute++) {
      fire(at(minute));
      assertThat(last.starts()).hasSize(1);
    }
    assertThat(Firing.awaited(schedule)).hasSize(ScheduleState.MOST_OPEN);
  }

  @Test
  void noneMakesUpForNothingThatIsLate() {
    start(OverlapPolicy.ALLOW_ALL, new CatchUp(CatchUp.Kind.NONE, null));
    fire(at(10).plusSeconds(30));
    assertThat(last.starts()).hasSize(1); // the newest is not late
    assertThat(schedule.state().missed()).isEqualTo(9);
    fire(at(12).plusSeconds(31));
    assertThat(last.starts()).isEmpty();
    assertThat(schedule.state().missed()).isEqualTo(11);
  }

  @Test
  void lastMakesUpForTheNewestWithinAnHour() {
    Timing everyTwoHours = every(7200);
    start(spec(everyTwoHours, OverlapPolicy.ALLOW_ALL, CatchUp.DEFAULT, null, null));
    fire(NOON.plusSeconds(3 * 7200 + 3600));
    assertThat(last.starts()).hasSize(1);
    assertThat(schedule.state().missed()).isEqualTo(2);

    fire(NOON.plusSeconds(4 * 7200 + 3601));
    assertThat(last.starts()).isEmpty();
    assertThat(schedule.state().missed()).isEqualTo(3);
  }

  @Test
  void allMakesUpForAHundred() {
    start(OverlapPolicy.ALLOW_ALL, new CatchUp(CatchUp.Kind.ALL, null));
    fire(at(100_000));
    assertThat(last.starts()).hasSize(100);
    assertThat(schedule.state().missed()).isGreaterThanOrEqualTo(9_900);
    assertThat(schedule.state().settledUntil()).isEqualTo(at(100_000));
  }

  @Test
  void theWindowBoundsWhatIsMadeUpFor() {
    start(OverlapPolicy.ALLOW_ALL, new CatchUp(CatchUp.Kind.ALL, Duration.ofMinutes(5)));
    fire(at(50));
    assertThat(last.starts()).hasSize(6);
    assertThat(schedule.state().missed()).isEqualTo(44);
  }

  @Test
  void remainingCountsDownToTheEnd() {
    start(spec(every(60), OverlapPolicy.ALLOW_ALL, CatchUp.DEFAULT, 2, null));
    fire(at(1));
    fire(at(2));
    assertThat(schedule.state().remaining()).isZero();
    assertThat(schedule.state().next()).isNull();
    states.replaceAll((_, _) -> JobState.DONE);
    fire(at(3));
    assertThat(last.starts()).isEmpty();
    assertThat(schedule.state().lookAt()).isNull();
  }

  @Test
  void tooManyFailuresPauseIt() {
    start(spec(every(60), OverlapPolicy.SKIP, CatchUp.DEFAULT, null, 2));
    fire(at(1));
    end(JobState.FAILED);
    fire(at(2));
    end(JobState.DONE);
    fire(at(3));
    end(JobState.EXPIRED);
    fire(at(4));
    assertThat(schedule.state().paused()).isNull();
    end(JobState.FAILED);
    fire(at(5));

    assertThat(last.starts()).isEmpty();
    assertThat(schedule.state().paused())
        .isEqualTo(new SchedulePause("2 jobs failed one after another", "scheduler", at(5)));
    assertThat(schedule.state().lookAt()).isNull();

    last = new Firing(schedule, at(50), this::id).resume().plan(1);
    schedule = last.after();
    assertThat(schedule.state().failures()).isZero();
    assertThat(schedule.state().next()).isEqualTo(at(51)); // the pause is not made up for
  }

  @Test
  void aTriggerFiresEvenWhilePausedAndAtATimeOfItsOwn() {
    start(OverlapPolicy.SKIP, CatchUp.DEFAULT);
    fire(at(1));
    last =
        new Firing(schedule, at(1), this::id)
            .pause(new SchedulePause("", "x", NOON))
            .trigger(OverlapPolicy.ALLOW_ALL)
            .plan(2);

    assertThat(last.starts()).hasSize(1);
    assertThat(last.fires().getFirst().at()).isEqualTo(at(1).plusNanos(1000));
    assertThat(last.fires().getFirst().kind()).isEqualTo(Fire.Kind.TRIGGERED);
  }

  @Test
  void aBackfillTakesThePlaceOfWhatWasSkipped() {
    start(OverlapPolicy.SKIP, CatchUp.DEFAULT);
    fire(at(1));
    fire(at(2));
    Fire skipped = last.fires().getFirst();

    last =
        new Firing(schedule, at(3), this::id)
            .backfill(List.of(at(0), at(2)), Map.of(at(2), skipped), OverlapPolicy.ALLOW_ALL)
            .plan(5);

    assertThat(last.fires()).extracting(Fire::number).containsExactly(skipped.number(), 3L);
    assertThat(last.starts()).hasSize(2);
  }

  @Test
  void jitterIsTheSameEachTimeAndLessThanTheTimeBetweenTwoFires() {
    ScheduleSpec spec = withJitter(Duration.ofHours(5));
    for (int i = 0; i < 1000; i++) {
      Duration delay = spec.delay("n" + i, at(i), at(i + 1));
      assertThat(delay).isEqualTo(spec.delay("n" + i, at(i), at(i + 1)));
      assertThat(delay).isBetween(Duration.ZERO, Duration.ofMillis(59_999));
    }
    assertThat(
            java.util.stream.IntStream.range(0, 1000)
                .mapToLong(i -> spec.delay("n" + i, NOON, at(1)).toMillis())
                .average()
                .orElseThrow())
        .isBetween(27_000.0, 33_000.0);
  }

  @Test
  void jitterPutsEachFireOffAndLosesNone() {
    start(withJitter(Duration.ofSeconds(50)));
    TreeSet<String> payloads = new TreeSet<>();
    for (Instant now = NOON; now.isBefore(at(20)); now = now.plusSeconds(1)) {
      states.replaceAll((_, _) -> JobState.DONE);
      fire(now);
      last.starts().forEach(start -> payloads.add(start.spec().payload().substring(0, 30)));
    }
    assertThat(payloads).hasSize(19);
  }

  /** Whatever is done when, no time has two fires, and all is said in counts. */
  @ParameterizedTest
  @EnumSource(OverlapPolicy.class)
  void eachTimeIsSettledOnce(OverlapPolicy overlap) {
    Random random = new Random(overlap.ordinal());
    for (int run = 0; run < 30; run++) {
      start(overlap, new CatchUp(CatchUp.Kind.values()[random.nextInt(3)], null));
      TreeSet<Instant> times = new TreeSet<>();
      Instant now = NOON;
      for (int step = 0; step < 60; step++) {
        now = now.plusSeconds(random.nextInt(400) - 100); // a clock that is set back now and then
        states.replaceAll(
            (_, state) ->
                random.nextInt(3) == 0 && !state.terminal()
                    ? JobState.values()[5 + random.nextInt(4)]
                    : state);
        long before = schedule.state().last();
        fire(now);
        for (Fire fire : last.fires()) {
          assertThat(fire.number() <= before || times.add(fire.at())).isTrue();
        }
      }
      ScheduleState state = schedule.state();
      long settled = Duration.between(NOON, state.settledUntil()).toMinutes();
      assertThat(times.size() + state.missed()).isEqualTo(settled);
    }
  }

  @Test
  void aScheduleIsKeptAsText() {
    start(
        spec(
            every(60),
            OverlapPolicy.BUFFER_ALL,
            new CatchUp(CatchUp.Kind.ALL, Duration.ofHours(2)),
            9,
            3));
    fire(at(1));
    fire(at(2));
    ScheduleSpec spec = schedule.spec();

    assertThat(ScheduleText.readSpec(ScheduleText.write(spec), spec.job())).isEqualTo(spec);
    assertThat(ScheduleText.readSpec("later=1\n" + ScheduleText.write(spec), spec.job()))
        .isEqualTo(spec);
    assertThat(ScheduleText.readState(ScheduleText.write(schedule.state())))
        .isEqualTo(schedule.state());
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ScheduleText.readState(""));
  }

  @Test
  void allIsBounded() {
    JobSpec largest = JobSpec.of("echo", "\"" + "x".repeat(ScheduleSpec.MOST_PAYLOAD - 2) + "\"");
    JobSpec larger = JobSpec.of("echo", "\"" + "x".repeat(ScheduleSpec.MOST_PAYLOAD - 1) + "\"");
    assertThat(of(largest, Duration.ofDays(1), 1_000_000, 1)).isNotNull();
    refused("job.payload", () -> of(larger, Duration.ZERO, null, null));
    refused("jitter", () -> of(largest, Duration.ofDays(1).plusMillis(1), null, null));
    refused("jitter", () -> of(largest, Duration.ofMillis(-1), null, null));
    refused("remaining", () -> of(largest, Duration.ZERO, 0, null));
    refused("remaining", () -> of(largest, Duration.ZERO, 1_000_001, null));
    refused("pause_after_failures", () -> of(largest, Duration.ZERO, null, 0));
    JobSpec labelled = JobSpec.builder("echo", "1").labels(Map.of("schedule", "x")).build();
    refused("job.labels.schedule", () -> of(labelled, Duration.ZERO, null, null));
    refused("catch_up.window", () -> new CatchUp(CatchUp.Kind.NONE, Duration.ofHours(1)));
    refused("catch_up.window", () -> new CatchUp(CatchUp.Kind.ALL, Duration.ofDays(367)));
    refused("name", () -> Schedule.requireName("x".repeat(65)));
    refused("name", () -> Schedule.requireName("a/b"));
  }

  @Test
  void aScheduleGoesOnAfterAnyNumberOfExcludedTimes() {
    Timing workdays =
        new Timing(
            List.of(Cron.parse("*/10 * * * * *")),
            List.of(),
            null,
            null,
            List.of(Exclusion.parse("*/10 * * * * SAT,SUN")),
            ZoneOffset.UTC,
            Dst.DEFAULT,
            null,
            null);
    start(spec(workdays, OverlapPolicy.ALLOW_ALL, CatchUp.DEFAULT, null, null));
    Instant saturday = Instant.parse("2026-12-05T00:00:00Z");
    Instant monday = saturday.plus(Duration.ofDays(2));

    fire(saturday.minusSeconds(10));
    assertThat(last.starts()).isNotEmpty();
    assertThat(schedule.state().next()).isNull();
    int looks = 0;
    while (schedule.state().next() == null) {
      Instant look = schedule.state().lookAt();
      assertThat(look).isAfter(schedule.state().settledUntil()).isBefore(monday);
      fire(look);
      assertThat(last.starts()).isEmpty();
      looks++;
    }
    assertThat(looks).isBetween(2, 60);
    assertThat(schedule.state().next()).isEqualTo(monday);

    fire(monday);
    assertThat(last.starts()).hasSize(1);
  }

  @Test
  void excludedTimesOfAnOutageArePassedOverInSeveralLooks() {
    Timing timing =
        new Timing(
            List.of(Cron.parse("* * * * * *")),
            List.of(),
            null,
            null,
            List.of(Exclusion.parse("* * 0-10,12-23 * * *"), Exclusion.parse("0-58 * * * * *")),
            ZoneOffset.UTC,
            Dst.DEFAULT,
            null,
            null);
    start(spec(timing, OverlapPolicy.ALLOW_ALL, CatchUp.DEFAULT, null, null));
    Instant now = Instant.parse("2026-12-02T11:59:59.500Z");

    int looks = 0;
    int jobs = 0;
    do {
      Instant before = schedule.state().settledUntil();
      fire(now);
      assertThat(schedule.state().settledUntil()).isAfter(before);
      jobs += last.starts().size();
      looks++;
    } while (!schedule.state().lookAt().isAfter(now));

    assertThat(looks).isBetween(2, 20);
    assertThat(schedule.state().fired()).isEqualTo(jobs).isPositive();
    assertThat(schedule.state().missed() + jobs).isEqualTo(120);
    assertThat(schedule.state().settledUntil()).isAfterOrEqualTo(now.minusMillis(500));
  }

  private static void refused(String field, Runnable what) {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(what::run)
        .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field));
  }

  private static ScheduleSpec of(JobSpec job, Duration jitter, Integer remaining, Integer pause) {
    return new ScheduleSpec(
        every(60),
        job,
        OnConflict.REJECT,
        OverlapPolicy.SKIP,
        CatchUp.DEFAULT,
        jitter,
        remaining,
        pause);
  }

  private void start(OverlapPolicy overlap, CatchUp catchUp) {
    start(spec(every(60), overlap, catchUp, null, null));
  }

  private void start(ScheduleSpec spec) {
    states.clear();
    ScheduleState state =
        new ScheduleState(NOON, null, null, spec.remaining(), null, List.of(), 0, 0, 0, 0, 0);
    Schedule bare = new Schedule("n", id(), spec, false, 1, "x", NOON, state, 1);
    schedule = new Firing(bare, NOON, this::id).plan(2).after();
  }

  private void fire(Instant now) {
    last = new Firing(schedule, now, this::id).settle(states).fireDue().plan(3);
    schedule = last.after();
    last.starts().forEach(start -> states.put(start.id(), JobState.QUEUED));
  }

  private void end(JobState state) {
    Firing.awaited(schedule).forEach(job -> states.put(job, state));
  }

  private List<Outcome> outcomes() {
    return last.fires().stream().map(Fire::outcome).toList();
  }

  private JobId id() {
    return new JobId(new UUID(0x7000L, 0x8000_0000_0000_0000L | ids++));
  }

  private static Instant at(int minute) {
    return NOON.plusSeconds(60L * minute);
  }

  private static Timing every(int seconds) {
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

  private static ScheduleSpec withJitter(Duration jitter) {
    return new ScheduleSpec(
        every(60),
        job(),
        OnConflict.REJECT,
        OverlapPolicy.SKIP,
        CatchUp.DEFAULT,
        jitter,
        null,
        null);
  }

  private static ScheduleSpec spec(
      Timing timing, OverlapPolicy overlap, CatchUp catchUp, Integer remaining, Integer pause) {
    return new ScheduleSpec(
        timing, job(), OnConflict.REJECT, overlap, catchUp, Duration.ZERO, remaining, pause);
  }

  private static JobSpec job() {
    return JobSpec.of(
        "echo",
        "{\"a\":[{\"$schedule\":\"scheduled_at\"}],\"b\":{ \"$schedule\" : \"actual_at\" },"
            + "\"c\":\"{\\\"$schedule\\\": \\\"actual_at\\\"}\"}");
  }
}
