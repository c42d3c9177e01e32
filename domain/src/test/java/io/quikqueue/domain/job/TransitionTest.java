package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quikqueue.domain.job.AttemptRecord.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TransitionTest {

  private static final Instant T0 = Instant.parse("2026-06-15T12:00:00Z");
  private static final Instant T1 = T0.plusSeconds(1);
  private static final Instant T2 = T0.plusSeconds(2);

  private static final Job WAITING = job(true, null);
  private static final Job SCHEDULED = job(false, T1);
  private static final Job QUEUED = job(false, null);
  private static final Job RUNNING = QUEUED.start(T1).after();
  private static final Transition STARTED = QUEUED.start(T1);
  private static final Transition FAILS = RUNNING.fail(new Failure("no luck", false), 0, T1);
  private static final Transition GIVES_UP = RUNNING.fail(new Failure("no way", true), 0, T1);
  private static final Job RETRYING = FAILS.after();
  private static final Job FAILED = GIVES_UP.after();

  private static Job job(boolean waits, Instant runAt) {
    Policy policy = new Policy(5, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 2);
    JobSpec spec = JobSpec.builder("echo", "1").policy(policy).build();
    return Job.submit(new JobId(new UUID(1, 2)), spec, runAt, waits, T0).job();
  }

  @Test
  void aTransitionIsOfOneJob() {
    Job other = Job.submit(new JobId(new UUID(3, 4)), QUEUED.spec(), null, false, T0).job();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Transition(QUEUED, other, List.of(), null));
  }

  @Test
  void itIsFencedByTheAttemptBefore() {
    assertThat(RUNNING.rescue(T2).by("w").attempt()).isEqualTo(RUNNING.attemptId());
  }

  @Test
  void itFitsAnActiveJobAtItsAttemptWhetherMarkedOrNot() {
    Transition done = QUEUED.succeed("1", null, T2).by("w");

    assertThat(done.fits(JobState.QUEUED, 1)).isTrue();
    assertThat(done.fits(JobState.RUNNING, 1)).isTrue();
    assertThat(done.fits(JobState.QUEUED, 2)).isFalse();
    assertThat(done.fits(JobState.RETRYING, 1)).isFalse();
    assertThat(FAILS.by("w").fits(JobState.QUEUED, 1)).isTrue();
    assertThat(RETRYING.wake(T2).by("w").fits(JobState.QUEUED, 1)).isFalse();
  }

  @Test
  void anExpiryDoesNotFitAJobThatIsMarked() {
    Transition expired = QUEUED.expire(T2).by("w");

    assertThat(expired.fits(JobState.QUEUED, 1)).isTrue();
    assertThat(expired.fits(JobState.RUNNING, 1)).isFalse();
    assertThat(RETRYING.expire(T2).by("w").fits(JobState.RETRYING, 1)).isTrue();
  }

  @Test
  void whatBecomesReadyIsAnnounced() {
    assertThat(WAITING.wake(T2).by("w").madeReady()).isTrue();
    assertThat(SCHEDULED.wake(T2).by("w").madeReady()).isTrue();
    assertThat(RETRYING.wake(T2).by("w").madeReady()).isTrue();
    assertThat(FAILED.retry(T2).by("w").madeReady()).isTrue();
    assertThat(QUEUED.rescue(T2).by("w").madeReady()).isTrue();
    assertThat(RUNNING.rescue(T2).by("w").madeReady()).isTrue();
  }

  @Test
  void whatDoesNotBecomeReadyIsNotAnnounced() {
    assertThat(QUEUED.release(T2).by("w").madeReady()).isFalse();
    assertThat(RUNNING.release(T2).by("w").madeReady()).isFalse();
    assertThat(STARTED.by("w").madeReady()).isFalse();
    assertThat(FAILS.by("w").madeReady()).isFalse();
    assertThat(GIVES_UP.by("w").madeReady()).isFalse();
    assertThat(QUEUED.cancel(T2).by("w").madeReady()).isFalse();
  }

  @Test
  void whatHasToWaitForOthersIsNotAnnounced() {
    Transition behind = FAILED.retry(T2).by("w").behindOthers();

    assertThat(behind.madeReady()).isFalse();
    assertThat(behind.after()).isEqualTo(FAILED.retry(T2).after().behindOthers());
    assertThat(behind.attempt()).isEqualTo(FAILED.attemptId());
    assertThat(behind.worker()).isEqualTo("w");
    assertThat(behind.events()).extracting(JobEvent::kind).containsExactly(JobEvent.Kind.RETRIED);
  }

  @Test
  void endedAttemptsAreOnRecord() {
    assertThat(RUNNING.succeed("1", "ok", T2).by("w").ended())
        .isEqualTo(new AttemptRecord(1, Outcome.DONE, T1, T2, "w", null));
    assertThat(FAILS.by("w").ended())
        .isEqualTo(new AttemptRecord(1, Outcome.FAILED, T1, T1, "w", "no luck"));
    assertThat(GIVES_UP.by("w").ended())
        .isEqualTo(new AttemptRecord(1, Outcome.FAILED, T1, T1, "w", "no way"));
    assertThat(RUNNING.cancel(T2).by("w").ended())
        .isEqualTo(new AttemptRecord(1, Outcome.CANCELLED, T1, T2, "w", null));
  }

  @Test
  void anAttemptThatWasPutOffIsOnRecordIfItWasAnswered() {
    Transition answered = RUNNING.postpone(new Postponement(T2, "busy", "HTTP 429"), 0, T2);
    Transition unsent = QUEUED.postpone(new Postponement(T2, "closed", null), 0, T2);

    assertThat(answered.by("w").ended())
        .isEqualTo(new AttemptRecord(1, Outcome.POSTPONED, T1, T2, "w", "HTTP 429"));
    assertThat(unsent.ended()).isNull();
    assertThat(unsent.madeReady()).isFalse();
  }

  @Test
  void aCrashIsOnRecordWhetherTheJobGoesOnOrNot() {
    AttemptRecord first = RUNNING.rescue(T2).by("w").ended();
    assertThat(first)
        .isEqualTo(new AttemptRecord(1, Outcome.CRASHED, T1, T2, "w", "the worker vanished"));

    Job second = RUNNING.rescue(T2).after();
    AttemptRecord last = second.rescue(T2).by("w").ended();
    assertThat(last.number()).isEqualTo(2);
    assertThat(last.outcome()).isEqualTo(Outcome.CRASHED);
  }

  @Test
  void theStartOfAnEarlierAttemptIsNotThisOnes() {
    Job second = RETRYING.wake(T1).after();
    assertThat(second.startedAt()).isEqualTo(T1);

    assertThat(second.rescue(T2).by("w").ended().startedAt()).isNull();
  }

  @Test
  void theStartOfAnAttemptThatWasNeverMarkedIsKnownFromItsEnd() {
    Transition done = QUEUED.start(T1).then(running -> running.succeed("1", null, T2));

    assertThat(done.before()).isEqualTo(QUEUED);
    assertThat(done.after().state()).isEqualTo(JobState.DONE);
    assertThat(done.ended().startedAt()).isEqualTo(T1);
    assertThat(done.events())
        .extracting(JobEvent::kind)
        .containsExactly(JobEvent.Kind.STARTED, JobEvent.Kind.SUCCEEDED);
  }

  @Test
  void whereNoAttemptEndsThereIsNoRecord() {
    assertThat(WAITING.wake(T2).by("w").ended()).isNull();
    assertThat(WAITING.cancel(T2).by("w").ended()).isNull();
    assertThat(SCHEDULED.expire(T2).by("w").ended()).isNull();
    assertThat(QUEUED.cancel(T2).by("w").ended()).isNull();
    assertThat(QUEUED.expire(T2).by("w").ended()).isNull();
    assertThat(STARTED.by("w").ended()).isNull();
    assertThat(RUNNING.release(T2).by("w").ended()).isNull();
    assertThat(RETRYING.cancel(T2).by("w").ended()).isNull();
    assertThat(RETRYING.wake(T2).by("w").ended()).isNull();
    assertThat(FAILED.retry(T2).by("w").ended()).isNull();
  }
}
