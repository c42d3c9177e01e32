package io.quikqueue.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.port.AttemptRecord.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChangeTest {

  private static final Instant T0 = Instant.parse("2026-06-15T12:00:00Z");
  private static final Instant T1 = T0.plusSeconds(1);
  private static final Instant T2 = T0.plusSeconds(2);

  private static final Job WAITING = job(true, null);
  private static final Job SCHEDULED = job(false, T1);
  private static final Job QUEUED = job(false, null);
  private static final Job RUNNING = QUEUED.start(T1).job();
  private static final Job RETRYING = RUNNING.fail(new Failure("no luck", false), 0, T1).job();
  private static final Job FAILED = RUNNING.fail(new Failure("no way", true), 0, T1).job();

  private static Job job(boolean waits, Instant runAt) {
    Policy policy = new Policy(5, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 2);
    JobSpec spec = JobSpec.builder("echo", "1").policy(policy).build();
    return Job.submit(new JobId(new UUID(1, 2)), spec, runAt, waits, T0).job();
  }

  @Test
  void aChangeIsOfOneJob() {
    Job other = Job.submit(new JobId(new UUID(3, 4)), QUEUED.spec(), null, false, T0).job();

    assertThatIllegalArgumentException().isThrownBy(() -> new Change(QUEUED, other, null));
  }

  @Test
  void itIsFencedByTheAttemptBefore() {
    assertThat(change(RUNNING, RUNNING.rescue(T2).job()).attempt()).isEqualTo(RUNNING.attemptId());
  }

  @Test
  void itFitsAnActiveJobAtItsAttemptWhetherMarkedOrNot() {
    Change done = change(QUEUED, QUEUED.succeed("1", null, T2).job());

    assertThat(done.fits(JobState.QUEUED, 1)).isTrue();
    assertThat(done.fits(JobState.RUNNING, 1)).isTrue();
    assertThat(done.fits(JobState.QUEUED, 2)).isFalse();
    assertThat(done.fits(JobState.RETRYING, 1)).isFalse();
    assertThat(change(RUNNING, RETRYING).fits(JobState.QUEUED, 1)).isTrue();
    assertThat(change(RETRYING, RETRYING.wake(T2).job()).fits(JobState.QUEUED, 1)).isFalse();
  }

  @Test
  void anExpiryDoesNotFitAJobThatIsMarked() {
    Change expired = change(QUEUED, QUEUED.expire(T2).job());

    assertThat(expired.fits(JobState.QUEUED, 1)).isTrue();
    assertThat(expired.fits(JobState.RUNNING, 1)).isFalse();
    assertThat(change(RETRYING, RETRYING.expire(T2).job()).fits(JobState.RETRYING, 1)).isTrue();
  }

  @Test
  void whatBecomesReadyIsAnnounced() {
    assertThat(change(WAITING, WAITING.wake(T2).job()).announces()).isTrue();
    assertThat(change(SCHEDULED, SCHEDULED.wake(T2).job()).announces()).isTrue();
    assertThat(change(RETRYING, RETRYING.wake(T2).job()).announces()).isTrue();
    assertThat(change(FAILED, FAILED.retry(T2).job()).announces()).isTrue();
    assertThat(change(QUEUED, QUEUED.rescue(T2).job()).announces()).isTrue();
    assertThat(change(RUNNING, RUNNING.rescue(T2).job()).announces()).isTrue();
  }

  @Test
  void whatDoesNotBecomeReadyIsNotAnnounced() {
    assertThat(change(QUEUED, QUEUED.release(T2).job()).announces()).isFalse();
    assertThat(change(RUNNING, RUNNING.release(T2).job()).announces()).isFalse();
    assertThat(change(QUEUED, RUNNING).announces()).isFalse();
    assertThat(change(RUNNING, RETRYING).announces()).isFalse();
    assertThat(change(RUNNING, FAILED).announces()).isFalse();
    assertThat(change(QUEUED, QUEUED.cancel(T2).job()).announces()).isFalse();
  }

  @Test
  void endedAttemptsAreOnRecord() {
    assertThat(change(RUNNING, RUNNING.succeed("1", "ok", T2).job()).ended())
        .isEqualTo(new AttemptRecord(1, Outcome.DONE, T1, T2, "w", null));
    assertThat(change(RUNNING, RETRYING).ended())
        .isEqualTo(new AttemptRecord(1, Outcome.FAILED, T1, T1, "w", "no luck"));
    assertThat(change(RUNNING, FAILED).ended())
        .isEqualTo(new AttemptRecord(1, Outcome.FAILED, T1, T1, "w", "no way"));
    assertThat(change(RUNNING, RUNNING.cancel(T2).job()).ended())
        .isEqualTo(new AttemptRecord(1, Outcome.CANCELLED, T1, T2, "w", null));
  }

  @Test
  void anAttemptThatWasPutOffIsOnRecordIfItWasAnswered() {
    Job answered = RUNNING.postpone(new Postponement(T2, "busy", "HTTP 429"), 0, T2).job();
    Job unsent = QUEUED.postpone(new Postponement(T2, "closed", null), 0, T2).job();

    assertThat(change(QUEUED, answered).ended())
        .isEqualTo(new AttemptRecord(1, Outcome.POSTPONED, T1, T2, "w", "HTTP 429"));
    assertThat(change(QUEUED, unsent).ended()).isNull();
    assertThat(change(QUEUED, unsent).announces()).isFalse();
  }

  @Test
  void aCrashIsOnRecordWhetherTheJobGoesOnOrNot() {
    AttemptRecord first = change(RUNNING, RUNNING.rescue(T2).job()).ended();
    assertThat(first)
        .isEqualTo(new AttemptRecord(1, Outcome.CRASHED, T1, T2, "w", "the worker vanished"));

    Job second = RUNNING.rescue(T2).job();
    AttemptRecord last = change(second, second.rescue(T2).job()).ended();
    assertThat(last.number()).isEqualTo(2);
    assertThat(last.outcome()).isEqualTo(Outcome.CRASHED);
  }

  @Test
  void theStartOfAnEarlierAttemptIsNotThisOnes() {
    Job second = RETRYING.wake(T1).job();
    assertThat(second.startedAt()).isEqualTo(T1);

    assertThat(change(second, second.rescue(T2).job()).ended().startedAt()).isNull();
  }

  @Test
  void theStartOfAnAttemptThatWasNeverMarkedIsKnownFromItsEnd() {
    Job done = QUEUED.start(T1).job().succeed("1", null, T2).job();

    assertThat(change(QUEUED, done).ended().startedAt()).isEqualTo(T1);
  }

  @Test
  void whereNoAttemptEndsThereIsNoRecord() {
    assertThat(change(WAITING, WAITING.wake(T2).job()).ended()).isNull();
    assertThat(change(WAITING, WAITING.cancel(T2).job()).ended()).isNull();
    assertThat(change(SCHEDULED, SCHEDULED.expire(T2).job()).ended()).isNull();
    assertThat(change(QUEUED, QUEUED.cancel(T2).job()).ended()).isNull();
    assertThat(change(QUEUED, QUEUED.expire(T2).job()).ended()).isNull();
    assertThat(change(QUEUED, RUNNING).ended()).isNull();
    assertThat(change(RUNNING, RUNNING.release(T2).job()).ended()).isNull();
    assertThat(change(RETRYING, RETRYING.cancel(T2).job()).ended()).isNull();
    assertThat(change(RETRYING, RETRYING.wake(T2).job()).ended()).isNull();
    assertThat(change(FAILED, FAILED.retry(T2).job()).ended()).isNull();
  }

  private static Change change(Job before, Job after) {
    return new Change(before, after, "w");
  }
}
