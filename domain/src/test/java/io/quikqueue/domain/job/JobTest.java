package io.quikqueue.domain.job;

import static io.quikqueue.domain.job.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quikqueue.domain.job.JobEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {

  private static final Instant LATER = NOW.plusSeconds(1);

  /** Where each verb leads from each state while the policy allows more; - is illegal. */
  private static final String TABLE =
      """
      .         WAKE   START   SUCCEED FAIL     POSTPONE SUSPEND   CANCEL    EXPIRE  RETRY  REPLACE RELEASE RESCUE MOVE SKIP PASS
      WAITING   QUEUED -       -       -        -        -         CANCELLED EXPIRED -      WAITING -       -      WAITING SKIPPED -
      SCHEDULED QUEUED -       -       -        -        -         CANCELLED EXPIRED -      QUEUED  -       -      SCHEDULED - -
      QUEUED    -      RUNNING DONE    RETRYING RETRYING SCHEDULED CANCELLED EXPIRED -      QUEUED  QUEUED  QUEUED QUEUED - -
      RUNNING   -      -       DONE    RETRYING RETRYING SCHEDULED CANCELLED -       -      -       QUEUED  QUEUED - - -
      RETRYING  QUEUED -       -       -        -        -         CANCELLED EXPIRED -      QUEUED  -       -      RETRYING - -
      DONE      -      -       -       -        -        -         -         -       -      -       -       -      - - -
      FAILED    -      -       -       -        -        -         -         -       QUEUED -       -       -      - - FAILED
      CANCELLED -      -       -       -        -        -         -         -       QUEUED -       -       -      - - -
      EXPIRED   -      -       -       -        -        -         -         -       QUEUED -       -       -      - - -
      SKIPPED   -       -       -       -        -        -         -         -       -      -       -       -      -         - -
      """;

  static Stream<Arguments> table() {
    List<List<String>> rows =
        TABLE.lines().map(line -> Arrays.asList(line.trim().split(" +"))).toList();
    List<Arguments> cells = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      for (int i = 1; i < row.size(); i++) {
        cells.add(
            Arguments.of(
                JobState.valueOf(row.getFirst()),
                Verb.valueOf(rows.getFirst().get(i)),
                row.get(i).equals("-") ? null : JobState.valueOf(row.get(i))));
      }
    }
    return cells.stream();
  }

  @Test
  void theTableHasEveryStateAndVerb() {
    assertThat(table().map(cell -> List.of(cell.get()[0], cell.get()[1])).distinct())
        .hasSize(JobState.values().length * Verb.values().length);
  }

  @ParameterizedTest(name = "{0} {1} -> {2}")
  @MethodSource("table")
  void everyVerbLeadsWhereTheTableSays(JobState from, Verb verb, JobState to) {
    Job job = Samples.in(from, Samples.held());
    assertThat(job.can(verb)).isEqualTo(to != null);

    if (to == null) {
      IllegalTransitionException refusal =
          catchThrowableOfType(
              IllegalTransitionException.class, () -> Samples.after(job, verb, LATER));
      assertThat(refusal.id()).isEqualTo(job.id());
      assertThat(refusal.from()).isEqualTo(from);
      assertThat(refusal.verb()).isEqualTo(verb);
      assertThat(refusal)
          .hasMessageContaining(job.id().toString())
          .hasMessageContaining(from.name())
          .hasMessageContaining(verb.name().toLowerCase(java.util.Locale.ROOT));
    } else {
      Job after = Samples.after(job, verb, LATER).after();
      assertThat(after.state()).isEqualTo(to);
      assertThat(after.updatedAt()).isEqualTo(LATER);
      boolean nextAttempt =
          verb == Verb.RETRY
              || verb == Verb.PASS
              || verb == Verb.REPLACE
              || verb == Verb.MOVE
              || verb == Verb.SUSPEND
              || verb == Verb.RESCUE
              || (verb == Verb.WAKE && from == JobState.RETRYING);
      assertThat(after.attempt()).isEqualTo(job.attempt() + (nextAttempt ? 1 : 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVerbSaysWhatItCaused(Verb verb) {
    Map<Verb, List<Kind>> caused = new EnumMap<>(Verb.class);
    caused.put(Verb.WAKE, List.of(Kind.QUEUED));
    caused.put(Verb.START, List.of(Kind.STARTED));
    caused.put(Verb.SUCCEED, List.of(Kind.SUCCEEDED));
    caused.put(Verb.FAIL, List.of(Kind.ATTEMPT_FAILED));
    caused.put(Verb.POSTPONE, List.of(Kind.POSTPONED));
    caused.put(Verb.SUSPEND, List.of(Kind.SUSPENDED));
    caused.put(Verb.CANCEL, List.of(Kind.CANCELLED));
    caused.put(Verb.EXPIRE, List.of(Kind.EXPIRED));
    caused.put(Verb.SKIP, List.of(Kind.SKIPPED));
    caused.put(Verb.PASS, List.of(Kind.PASSED));
    caused.put(Verb.RETRY, List.of(Kind.RETRIED, Kind.QUEUED));
    caused.put(Verb.REPLACE, List.of(Kind.REPLACED));
    caused.put(Verb.MOVE, List.of(Kind.MOVED));
    caused.put(Verb.RELEASE, List.of(Kind.RELEASED));
    caused.put(Verb.RESCUE, List.of(Kind.CRASHED, Kind.QUEUED));
    Job job = Samples.in(verb.from().iterator().next(), Samples.held());

    Transition transition = Samples.after(job, verb, LATER);

    assertThat(transition.events()).extracting(JobEvent::kind).isEqualTo(caused.get(verb));
    assertThat(transition.events()).allMatch(event -> event.job().equals(job.id()));
    assertThat(transition.events()).allMatch(event -> event.at().equals(LATER));
  }

  @Test
  void aNodeThatWaitsIsNeverQueued() {
    WorkflowId workflow = WorkflowId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
    for (NodeWait wait :
        List.of(
            NodeWait.ofTime(Duration.ofMinutes(1)),
            NodeWait.untilRunAt(),
            NodeWait.ofSignal("go", Duration.ofMinutes(1), false))) {
      NodeRef node = new NodeRef(workflow, 3, false, wait);
      JobSpec spec = JobSpec.builder(NodeWait.TYPE, "{}").node(node).build();
      Job first = Job.submit(Samples.queued().id(), spec, null, false, LATER).job();
      Job behind = Job.submit(Samples.queued().id(), spec, null, true, LATER).job();
      Instant due = wait.length() == null ? LATER : LATER.plusSeconds(60);

      assertThat(NodeRef.of(node.bytes())).isEqualTo(node);
      assertThat(first.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(first.dueAt()).isEqualTo(due);
      assertThat(behind.state()).isEqualTo(JobState.WAITING);
      assertThat(behind.awaitedSignal()).isNull();
      assertThat(behind.wake(LATER).after().dueAt()).isEqualTo(due);
      assertThat(behind.wake(LATER).madeReady()).isFalse();
      Transition over = first.wake(LATER.plusSeconds(60));
      assertThat(over.after().state())
          .isEqualTo(wait.signal() == null ? JobState.DONE : JobState.FAILED);
      assertThat(over.madeReady()).isFalse();
      assertThat(over.ended()).isNull();
    }
  }

  @Test
  void onlyANodeThatWaitsForASignalTakesOne() {
    WorkflowId workflow = WorkflowId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
    NodeRef node = new NodeRef(workflow, 3, false, NodeWait.ofTime(Duration.ofMinutes(1)));
    JobSpec spec = JobSpec.builder(NodeWait.TYPE, "{}").node(node).build();
    Job waits = Job.submit(Samples.queued().id(), spec, null, false, LATER).job();

    assertThat(catchThrowable(() -> waits.signalled("1", LATER)))
        .isInstanceOf(IllegalTransitionException.class);
    assertThat(catchThrowable(() -> Samples.in(JobState.SCHEDULED).signalled("1", LATER)))
        .isInstanceOf(IllegalTransitionException.class);
    assertThat(catchThrowable(() -> new NodeWait(null, "go", false)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(catchThrowable(() -> NodeWait.ofTime(NodeWait.LONGEST.plusMillis(1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aJobThatSleepsHasNotFailedAndSaysWhy() {
    Job running = Samples.in(JobState.RUNNING);
    Instant until = LATER.plusSeconds(3600).plusNanos(999);

    Transition change = running.suspend(until, "sleeps until then", LATER);
    Job asleep = change.after();

    assertThat(asleep.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(asleep.failures()).isEqualTo(running.failures());
    assertThat(asleep.dueAt()).isEqualTo(LATER.plusSeconds(3600));
    assertThat(asleep.sleepsFor()).isEqualTo("sleeps until then");
    assertThat(asleep.runAt()).isEqualTo(running.runAt());
    assertThat(change.ended().outcome()).isEqualTo(AttemptRecord.Outcome.POSTPONED);
    assertThat(change.ended().number()).isEqualTo(running.attempt());
    assertThat(asleep.wake(LATER).after().attempt()).isEqualTo(running.attempt() + 1);
    assertThat(asleep.wake(LATER).after().sleepsFor()).isNull();
    assertThat(running.suspend(NOW, "late", LATER).after().dueAt()).isEqualTo(LATER);
    assertThat(Samples.in(JobState.SCHEDULED).sleepsFor()).isNull();
  }

  @Test
  void givingUpIsAnEventOfItsOwn() {
    Job job = Samples.queued(Samples.spec(Samples.policy(1, 1)));

    assertThat(job.fail(new Failure("no", false), 0, LATER).events())
        .extracting(JobEvent::kind)
        .containsExactly(Kind.ATTEMPT_FAILED, Kind.GAVE_UP);
    assertThat(job.rescue(LATER).events())
        .extracting(JobEvent::kind)
        .containsExactly(Kind.CRASHED, Kind.GAVE_UP);
  }

  @Test
  void anEventNamesTheAttemptItIsAbout() {
    Job second = Samples.in(JobState.RETRYING).wake(LATER).after();

    assertThat(second.rescue(LATER).events()).extracting(JobEvent::attempt).containsExactly(2, 3);
  }

  @Test
  void submitQueuesWhatIsDue() {
    for (Instant runAt : Arrays.asList(null, NOW, NOW.minusSeconds(1), NOW.plusNanos(999))) {
      NewJob submitted = Job.submit(Samples.ID, JobSpec.of("echo", "1"), runAt, false, NOW);
      assertThat(submitted.job().state()).isEqualTo(JobState.QUEUED);
      assertThat(submitted.job().dueAt()).isNull();
      assertThat(submitted.job().runAt()).isEqualTo(NOW);
      assertThat(submitted.events())
          .extracting(JobEvent::kind)
          .containsExactly(Kind.SUBMITTED, Kind.QUEUED);
    }
  }

  @Test
  void submitSchedulesWhatIsDueLater() {
    Instant runAt = NOW.plusNanos(1001);
    NewJob submitted = Job.submit(Samples.ID, JobSpec.of("echo", "1"), runAt, false, NOW);

    assertThat(submitted.job().state()).isEqualTo(JobState.SCHEDULED);
    assertThat(submitted.job().dueAt()).isEqualTo(NOW.plusNanos(1000));
    assertThat(submitted.job().runAt()).isEqualTo(NOW.plusNanos(1000));
    assertThat(submitted.events()).extracting(JobEvent::kind).containsExactly(Kind.SUBMITTED);
  }

  @Test
  void submitLetsAJobWaitForOthers() {
    NewJob submitted =
        Job.submit(Samples.ID, JobSpec.of("echo", "1"), NOW.plusSeconds(9), true, NOW);

    assertThat(submitted.job().state()).isEqualTo(JobState.WAITING);
    assertThat(submitted.job().dueAt()).isNull();
    assertThat(submitted.events()).extracting(JobEvent::kind).containsExactly(Kind.SUBMITTED);
  }

  @Test
  void aJobThatHasToWaitForOthersKeepsItsTime() {
    Instant runAt = NOW.plusSeconds(9);
    Job scheduled = Job.submit(Samples.ID, JobSpec.of("echo", "1"), runAt, false, NOW).job();

    Job waiting = scheduled.behindOthers();

    assertThat(waiting.state()).isEqualTo(JobState.WAITING);
    assertThat(waiting.dueAt()).isNull();
    assertThat(waiting.runAt()).isEqualTo(runAt);
    assertThat(waiting.behindOthers()).isEqualTo(waiting);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Samples.in(JobState.RUNNING).behindOthers());
  }

  @Test
  void afterOthersAJobIsReadyOrWaitsForItsTime() {
    Instant runAt = NOW.plusSeconds(9);
    Job waiting = Job.submit(Samples.ID, JobSpec.of("echo", "1"), runAt, true, NOW).job();

    Transition early = waiting.wake(runAt.minusNanos(1000));
    assertThat(early.after().state()).isEqualTo(JobState.SCHEDULED);
    assertThat(early.after().dueAt()).isEqualTo(runAt);
    assertThat(early.events()).isEmpty();
    assertThat(early.after().wake(runAt).after().state()).isEqualTo(JobState.QUEUED);

    Transition late = waiting.wake(runAt);
    assertThat(late.after().state()).isEqualTo(JobState.QUEUED);
    assertThat(late.after().attempt()).isEqualTo(1);
    assertThat(late.madeReady()).isTrue();
  }

  @Test
  void aJobFailsWhenItsAttemptsAreUsedUp() {
    Job job = Samples.queued(Samples.spec(Samples.policy(3, 1)));
    for (int i = 1; i <= 2; i++) {
      job = job.fail(new Failure("no luck", false), 0.5, LATER).after();
      assertThat(job.state()).isEqualTo(JobState.RETRYING);
      assertThat(job.failures()).isEqualTo(i);
      assertThat(job.finishedAt()).isNull();
      job = job.wake(LATER).after();
    }

    Job failed = job.fail(new Failure("the last straw", false), 0.5, LATER).after();

    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.failures()).isEqualTo(3);
    assertThat(failed.attempt()).isEqualTo(3);
    assertThat(failed.error()).isEqualTo("the last straw");
    assertThat(failed.note()).isEqualTo("gave up after 3 failed attempts");
    assertThat(failed.finishedAt()).isEqualTo(LATER);
    assertThat(failed.dueAt()).isNull();
  }

  @Test
  void aPermanentFailureIsTheEnd() {
    Job failed = Samples.queued().fail(new Failure("no such customer", true), 0, LATER).after();

    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.note()).contains("permanent");
  }

  @Test
  void aRetryWaitsForItsBackoff() {
    Job running = Samples.in(JobState.RUNNING);

    assertThat(running.fail(new Failure("", false), 0, LATER).after().dueAt())
        .isEqualTo(LATER.plusMillis(250));
    assertThat(running.fail(new Failure("", false), 0.5, LATER).after().dueAt())
        .isEqualTo(LATER.plusMillis(375));
  }

  @Test
  void noAttemptIsMadeLaterThanThePolicyAllows() {
    Policy policy =
        new Policy(
            100,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            1);
    Job job = Samples.in(JobState.RUNNING, Samples.spec(policy));

    Job inTime = job.fail(new Failure("", false), 0, NOW.plusSeconds(55)).after();
    Job late = job.fail(new Failure("", false), 0, NOW.plusSeconds(55).plusNanos(1000)).after();

    assertThat(inTime.state()).isEqualTo(JobState.RETRYING);
    assertThat(inTime.dueAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(late.state()).isEqualTo(JobState.FAILED);
    assertThat(late.note()).contains("out of time");
  }

  @Test
  void theTimeAllowedCountsFromWhenTheJobWasDue() {
    Policy policy =
        new Policy(
            100, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1);
    Job scheduled = Samples.in(JobState.SCHEDULED, Samples.spec(policy));
    Job queued = scheduled.wake(NOW.plusSeconds(60)).after();

    assertThat(queued.fail(new Failure("", false), 0, NOW.plusSeconds(61)).after().state())
        .isEqualTo(JobState.RETRYING);
    assertThat(queued.fail(new Failure("", false), 0, NOW.plusSeconds(62)).after().state())
        .isEqualTo(JobState.FAILED);
  }

  @Test
  void aJobThatIsPutOffLosesNothing() {
    Job running = Samples.in(JobState.RUNNING);
    Instant until = LATER.plusSeconds(30);

    Job waits = running.postpone(Samples.put(until), 0.5, LATER).after();

    assertThat(waits.dueAt()).isEqualTo(until);
    assertThat(waits.failures()).isZero();
    assertThat(waits.crashes()).isZero();
    assertThat(waits.note()).isEqualTo("waits until " + until + ": it is full");
    assertThat(waits.error()).isEqualTo("come again");
    assertThat(waits.wake(until).after().attempt()).isEqualTo(2);
    Job unsent = running.postpone(new Postponement(until, "closed", null), 0.5, LATER).after();
    assertThat(unsent.error()).isNull();
  }

  @Test
  void aJobIsNotPutOffBeyondThePolicysTime() {
    Policy policy =
        new Policy(
            100, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(1), 1);
    Job job = Samples.in(JobState.RUNNING, Samples.spec(policy));
    Postponement anHour = Samples.put(NOW.plusSeconds(3600));

    assertThat(job.postpone(anHour, 0, LATER).after().dueAt()).isEqualTo(NOW.plusSeconds(60));
    Transition late = job.postpone(anHour, 0, NOW.plusSeconds(60));
    assertThat(late.after().state()).isEqualTo(JobState.FAILED);
    assertThat(late.after().note()).isEqualTo("gave up: out of time");
    assertThat(late.after().error()).isEqualTo("come again");
    assertThat(late.events())
        .extracting(JobEvent::kind)
        .containsExactly(Kind.POSTPONED, Kind.GAVE_UP);
  }

  @Test
  void aJobThatNothingElseEndsIsPutOffForADay() {
    Job job = Samples.in(JobState.RUNNING);
    Instant aDayLater = NOW.plus(Duration.ofHours(24));
    Postponement anHour = Samples.put(aDayLater.plusSeconds(1800));

    Job waits = job.postpone(anHour, 0, aDayLater.minusSeconds(1)).after();
    Job counted = job.postpone(anHour, 0, aDayLater).after();

    assertThat(waits.failures()).isZero();
    assertThat(waits.dueAt()).isEqualTo(aDayLater);
    assertThat(counted.failures()).isEqualTo(1);
    assertThat(counted.error()).isEqualTo("come again");
  }

  @Test
  void aJobWithADeadlineIsPutOffUntilThatPasses() {
    Instant deadline = NOW.plus(Duration.ofHours(48));
    Instant until = deadline.plusSeconds(9);
    Job running = Samples.in(JobState.RUNNING, Samples.spec(deadline));

    Job waits = running.postpone(Samples.put(until), 0, deadline.minusSeconds(9)).after();

    assertThat(waits.failures()).isZero();
    assertThat(waits.dueAt()).isEqualTo(until);
    assertThat(waits.timer()).isEqualTo(deadline);
    assertThat(waits.overdue(deadline)).isTrue();
    assertThat(waits.wake(LATER).after().overdue(deadline)).isTrue();
  }

  @Test
  void theNoteOfAJobThatIsGivenUpAtOnceIsAboutOne() {
    Job once = Samples.queued(Samples.spec(Samples.policy(1, 1)));
    assertThat(once.fail(new Failure("no luck", false), 0, LATER).after().note())
        .isEqualTo("gave up after 1 failed attempt");
    assertThat(once.startAlone(LATER).after().rescue(LATER).after().note())
        .isEqualTo("gave up after 1 crash");
  }

  @Test
  void crashesCountApartFromFailures() {
    Job job = Samples.queued(Samples.spec(Samples.policy(2, 3)));
    job = job.fail(new Failure("no luck", false), 0, LATER).after().wake(LATER).after();
    for (int i = 1; i <= 2; i++) {
      job = job.rescue(LATER).after();
      assertThat(job.state()).isEqualTo(JobState.QUEUED);
      assertThat(job.crashes()).isEqualTo(i);
      assertThat(job.failures()).isEqualTo(1);
    }

    Job poison = job.startAlone(LATER).after().rescue(LATER).after();

    assertThat(poison.state()).isEqualTo(JobState.FAILED);
    assertThat(poison.crashes()).isEqualTo(3);
    assertThat(poison.attempt()).isEqualTo(4);
    assertThat(poison.note()).isEqualTo("gave up after 3 crashes");
    assertThat(poison.error()).contains("vanished").contains("4");
  }

  @Test
  void aCrashBesideOthersNeverGivesUpAJobThatMayRunAfterOne() {
    Job job = Samples.queued(Samples.spec(Samples.policy(1, 2)));
    for (int i = 1; i <= 9; i++) {
      job = job.start(LATER).after().rescue(LATER).after();
      assertThat(job.state()).isEqualTo(JobState.QUEUED);
      assertThat(job.crashes()).isEqualTo(i);
    }
    Job joined = job.startAlone(LATER).after().besideOthers(LATER).after();

    assertThat(joined.runsAlone()).isFalse();
    assertThat(joined.note()).isNull();
    assertThat(joined.rescue(LATER).after().state()).isEqualTo(JobState.QUEUED);
    assertThat(job.startAlone(LATER).after().rescue(LATER).after().state())
        .isEqualTo(JobState.FAILED);
  }

  @Test
  void whatRunsAloneIsKnownByItsNoteUntilTheAttemptEnds() {
    Job alone = Samples.queued().startAlone(LATER).after();

    assertThat(alone.state()).isEqualTo(JobState.RUNNING);
    assertThat(alone.startedAt()).isEqualTo(LATER);
    assertThat(alone.runsAlone()).isTrue();
    assertThat(alone.release(LATER).after().runsAlone()).isFalse();
    assertThat(alone.release(LATER).after().start(LATER).after().runsAlone()).isFalse();
    assertThat(alone.succeed("2", null, LATER).after().note()).isNull();
    assertThat(Samples.in(JobState.RUNNING).besideOthers(LATER).after())
        .isEqualTo(Samples.in(JobState.RUNNING));
  }

  @Test
  void aHandlerThatEndsItsProcessIsGivenUpWhateverRunsBesideIt() {
    Job job = Samples.queued(Samples.spec(Samples.policy(1, 2))).start(LATER).after();
    Job again = job.exit(LATER).after();

    Job last = again.start(LATER).after().exit(LATER).after();

    assertThat(again.state()).isEqualTo(JobState.QUEUED);
    assertThat(again.crashes()).isEqualTo(1);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(last.state()).isEqualTo(JobState.FAILED);
    assertThat(last.error()).contains("ended its process").contains("2");
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED", "EXPIRED"})
  void aRetryByHandGivesTheWholePolicyAgain(JobState state) {
    Job ended = Samples.in(state);

    Job again = ended.retry(LATER).after();

    assertThat(again.failures()).isZero();
    assertThat(again.crashes()).isZero();
    assertThat(again.runAt()).isEqualTo(LATER);
    assertThat(again.finishedAt()).isNull();
    assertThat(again.note()).isNull();
    assertThat(again.createdAt()).isEqualTo(ended.createdAt());
  }

  @Test
  void successKeepsTheResultAndForgetsTheError() {
    Job second = Samples.in(JobState.RETRYING).wake(LATER).after();
    assertThat(second.error()).isEqualTo("no luck");

    Job done = second.start(LATER).after().succeed("[1]", "one", LATER).after();

    assertThat(done.result()).isEqualTo("[1]");
    assertThat(done.note()).isEqualTo("one");
    assertThat(done.error()).isNull();
    assertThat(done.startedAt()).isEqualTo(LATER);
    assertThat(done.finishedAt()).isEqualTo(LATER);
  }

  @Test
  void aReleasedAttemptIsNotBurned() {
    Job running = Samples.in(JobState.RUNNING);

    Job released = running.release(LATER).after();

    assertThat(released.attemptId()).isEqualTo(running.attemptId());
    assertThat(released.failures()).isZero();
    assertThat(released.crashes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whateverHappensAJobStaysSound(long seed) {
    Random random = new Random(seed);
    for (int walk = 0; walk < 200; walk++) {
      Job job = Samples.in(JobState.ofCode(1 + random.nextInt(3)));
      Instant now = NOW;
      for (int step = 0; step < 30 && Stream.of(Verb.values()).anyMatch(job::can); step++) {
        now = now.plusMillis(random.nextInt(2000));
        Job before = job;
        List<Verb> legal = Stream.of(Verb.values()).filter(before::can).toList();
        assertThat(legal).isNotEmpty();
        Transition change = Samples.after(job, legal.get(random.nextInt(legal.size())), now);
        job = change.after();
        assertThat(job.spec() == before.spec()).isNotEqualTo(change.moved());
        assertSound(before, job);
      }
    }
  }

  private static void assertSound(Job before, Job after) {
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.attempt()).isBetween(before.attempt(), before.attempt() + 1);
    assertThat(after.failures()).isBetween(0, after.spec().policy().maxAttempts());
    assertThat(after.crashes()).isBetween(0, before.crashes() + 1);
    assertThat(after.finishedAt() != null).isEqualTo(after.state().terminal());
    assertThat(after.result() != null).isEqualTo(after.state() == JobState.DONE);
    assertThat(after.dueAt() != null)
        .isEqualTo(after.state() == JobState.SCHEDULED || after.state() == JobState.RETRYING);
    if (after.state() == JobState.FAILED) {
      assertThat(after.error()).isNotNull();
    }
  }

  @Test
  void onlyAJobThatFailedAndWasNotPassedHoldsItsLine() {
    for (JobState state : JobState.values()) {
      assertThat(Samples.in(state, Samples.held()).holdsLine()).isEqualTo(state == JobState.FAILED);
      assertThat(Samples.in(state, Samples.held()).standsInLine())
          .isEqualTo(!state.terminal() || state == JobState.FAILED);
      assertThat(Samples.in(state).holdsLine()).isFalse();
      assertThat(Samples.in(state).standsInLine()).isFalse();
    }
    Job failed = Samples.in(JobState.FAILED, Samples.held());
    Job passed = failed.pass(LATER).after();

    assertThat(passed.holdsLine()).isFalse();
    assertThat(passed.standsInLine()).isFalse();
    assertThat(passed.finishedAt()).isEqualTo(failed.finishedAt());
    assertThat(passed.retry(LATER).after().spec()).isEqualTo(failed.spec());
    assertThat(passed.retry(Samples.held(), LATER).after().spec()).isEqualTo(failed.spec());
  }

  @Test
  void theTimerIsTheEarlierOfDueAndDeadline() {
    Instant due = NOW.plusSeconds(60);
    assertThat(Samples.in(JobState.SCHEDULED).timer()).isEqualTo(due);
    assertThat(Samples.in(JobState.SCHEDULED, Samples.spec(due.plusSeconds(1))).timer())
        .isEqualTo(due);
    assertThat(Samples.in(JobState.SCHEDULED, Samples.spec(due)).timer()).isEqualTo(due);
    assertThat(Samples.in(JobState.SCHEDULED, Samples.spec(due.minusSeconds(1))).timer())
        .isEqualTo(due.minusSeconds(1));
    assertThat(Samples.in(JobState.RETRYING, Samples.spec(due)).timer())
        .isEqualTo(NOW.plusMillis(375));
    assertThat(Samples.in(JobState.RETRYING, Samples.spec(NOW)).timer()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @EnumSource
  void onlyAJobThatHasNotStartedHasADeadlineToMiss(JobState state) {
    Instant deadline = NOW.plusMillis(1);
    Job job = Samples.in(state, Samples.spec(deadline));
    boolean unstarted =
        switch (state) {
          case WAITING, SCHEDULED, QUEUED, RETRYING -> true;
          case RUNNING, DONE, FAILED, CANCELLED, EXPIRED, SKIPPED -> false;
        };

    assertThat(job.timer()).isEqualTo(unstarted ? deadline : null);
    assertThat(job.overdue(deadline.minusNanos(1000))).isFalse();
    assertThat(job.overdue(deadline)).isEqualTo(unstarted);
    assertThat(job.overdue(deadline.plusSeconds(9))).isEqualTo(unstarted);
  }

  @ParameterizedTest
  @EnumSource
  void withoutDeadlineNothingIsOverdue(JobState state) {
    Job job = Samples.in(state);

    assertThat(job.overdue(Instant.MAX)).isFalse();
    assertThat(job.timer()).isEqualTo(job.dueAt());
  }

  @Test
  void aJobThatCannotBeIsRefused() {
    assertThatThrownBy(() -> job(JobState.QUEUED, 0, 0, 0, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> job(JobState.QUEUED, 1, -1, 0, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> job(JobState.QUEUED, 1, 0, -1, null))
        .isInstanceOf(IllegalArgumentException.class);
    for (JobState state : JobState.values()) {
      boolean waits = state == JobState.SCHEDULED || state == JobState.RETRYING;
      assertThatThrownBy(() -> job(state, 1, 0, 0, waits ? null : NOW))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(job(state, 1, 0, 0, waits ? NOW : null).state()).isEqualTo(state);
    }
  }

  private static Job job(JobState state, int attempt, int failures, int crashes, Instant dueAt) {
    return Job.builder(Samples.ID, JobSpec.of("echo", "1"), NOW)
        .state(state)
        .attempt(attempt)
        .failures(failures)
        .crashes(crashes)
        .dueAt(dueAt)
        .build();
  }

  @Test
  void aRetryByHandLiftsTheDeadline() {
    Instant deadline = NOW.plusSeconds(1);
    Instant later = NOW.plusSeconds(60);
    Job expired = Samples.in(JobState.QUEUED, Samples.spec(deadline)).expire(later).after();

    Job queued = expired.retry(later).after();
    Job retrying = queued.fail(new Failure("no", false), 0, later).after();

    for (Job job :
        List.of(queued, retrying, retrying.wake(later).after(), queued.rescue(later).after())) {
      assertThat(job.overdue(later)).as(job.state().name()).isFalse();
      assertThat(job.timer()).as(job.state().name()).isEqualTo(job.dueAt());
    }
  }

  @Test
  void aNodeIsRetriedWithItsWorkflowAlone() {
    NodeRef node = new NodeRef(WorkflowId.parse("01890a5d-ac96-774b-bcce-b302099a8057"), 3, false);
    Job failed = Samples.in(JobState.FAILED, JobSpec.builder("echo", "1").node(node).build());

    assertThat(failed.can(Verb.RETRY)).isFalse();
    assertThat(failed.mayHaveDependents()).isTrue();
    assertThat(failed.standsInLine()).isFalse();
  }
}
