package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSignals.Sent;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobStep.Status;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobSteps.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link JobSteps} and {@link JobSignals} guarantee, together with the store of jobs. */
public abstract class JobStepsContract extends StoreContract {

  private JobSteps steps;
  private JobSignals signals;

  @BeforeEach
  void setSteps() {
    steps = stores.steps();
    signals = stores.signals();
  }

  @Test
  void aJobRemembersNothingAtFirst() {
    assertThat(steps.steps(submitted(jobs.aQueuedJob()).id())).isEmpty();
    assertThat(steps.steps(jobs.anId())).isEmpty();
  }

  @Test
  void whatWasKeptFirstStays() {
    Job job = submitted(jobs.aQueuedJob());
    JobStep first = JobStep.result("charge", 1, tick(), "{\"ä\":\"漢 😀\"}");
    JobStep sleep = JobStep.sleep("sleep-1", 1, tick(), tick().plusSeconds(60));

    assertThat(steps.keep(job.attemptId(), first)).isEqualTo(new Answer.Kept(first));
    assertThat(steps.keep(job.attemptId(), JobStep.result("charge", 1, tick(), "2")))
        .isEqualTo(new Answer.Kept(first));
    assertThat(steps.keep(job.attemptId(), sleep)).isEqualTo(new Answer.Kept(sleep));
    assertThat(steps.steps(job.id())).containsExactly(first, sleep);
  }

  @Test
  void namesAreToldApartByCase() {
    Job job = submitted(jobs.aQueuedJob());
    keep(job, "a", "1");
    keep(job, "A", "2");
    assertThat(steps.steps(job.id())).extracting(JobStep::value).containsExactly("1", "2");
  }

  @Test
  void anAttemptThatIsNotTheCurrentOneKeepsNothing() {
    Job job = stored(jobs.aJob(), JobState.RUNNING);
    AttemptId before = job.attemptId();
    Job next = saved(job, Verb.RESCUE);

    assertThat(steps.keep(before, JobStep.result("a", 1, tick(), "1")))
        .isEqualTo(new Answer.Stale());
    assertThat(steps.await(before, wait("s", 1, Duration.ofHours(1))))
        .isEqualTo(new Answer.Stale());
    assertThat(steps.keep(next.attemptId(), JobStep.result("a", 2, tick(), "2")))
        .isInstanceOf(Answer.Kept.class);
    assertThat(steps.keep(new AttemptId(jobs.anId(), 1), JobStep.result("a", 1, tick(), "1")))
        .isEqualTo(new Answer.Stale());
    for (JobState state : List.of(JobState.CANCELLED, JobState.RETRYING, JobState.DONE)) {
      Job other = stored(jobs.aJob(), state);
      assertThat(steps.keep(other.attemptId(), JobStep.result("a", 1, tick(), "1")))
          .as("%s", state)
          .isEqualTo(new Answer.Stale());
    }
  }

  @Test
  void aRetryKeepsWhatIsRememberedAndAnotherPayloadDoesNot() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    keep(running, "a", "1");
    Job failed = saved(running, Verb.CANCEL);
    Job again = saved(failed, Verb.RETRY);
    assertThat(steps.steps(again.id())).hasSize(1);

    Job replaced = saved(again, Verb.REPLACE);
    assertThat(steps.steps(replaced.id())).isEmpty();
  }

  @Test
  void aJobThatIsWokenHasThePolicyOfThatMoment() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    await(running, wait("go", running.attempt(), Duration.ofHours(1)));
    saved(running.suspend(jobs.now().plusSeconds(3600), "waits", tick()));
    Policy patient = new Policy(9, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 1);

    Sent sent =
        signals.send(
            new Signal(running.id(), "go", "k", null, "1", tick()),
            wake -> wake.withPolicy(patient));

    assertThat(sent)
        .isInstanceOfSatisfying(
            Sent.Accepted.class,
            accepted -> assertThat(accepted.ready().getFirst().spec().policy()).isEqualTo(patient));
    assertThat(found(running.id()).spec().policy()).isEqualTo(patient);
  }

  @Test
  void aJobThatSleepsForASignalIsWokenByItAfterAMove() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    await(running, wait("go", running.attempt(), Duration.ofHours(1)));
    Job asleep = saved(running.suspend(jobs.now().plusSeconds(3600), "waits", tick()));
    Job moved = saved(asleep.move(new Move(0, "another"), tick()));
    Job again = saved(moved.move(new Move(1, null), tick()));

    assertThat(send(again, "go", "k", "1"))
        .isInstanceOfSatisfying(
            Sent.Accepted.class,
            sent -> {
              assertThat(sent.state()).isEqualTo(JobState.QUEUED);
              assertThat(sent.ready())
                  .extracting(job -> job.spec().queue())
                  .containsExactly("another");
            });
    Job woken = found(running.id());
    assertThat(await(woken, wait("go", woken.attempt(), Duration.ofHours(1))).value())
        .isEqualTo("1");
  }

  @Test
  void aRetryKeepsSignalsThatCameBefore() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    send(running, "go", "k", "1");
    Job again = saved(saved(running, Verb.CANCEL), Verb.RETRY);
    assertThat(await(again, wait("go", 2, Duration.ofHours(1))).value()).isEqualTo("1");
  }

  @Test
  void signalsAreForgottenWithThePayloadTheyWereMeantFor() {
    Job other = submitted(jobs.aQueuedJob());
    send(other, "go", "k", "3");
    Job replaced = submitted(jobs.aQueuedJob());
    send(replaced, "go", "k", "1");
    Job edited = stored(jobs.aJob(), JobState.RUNNING);
    send(edited, "go", "k", "1");
    Job cancelled = saved(edited, Verb.CANCEL);
    JobSpec another = cancelled.spec().toBuilder().payload("\"another\"").build();

    List<Job> anew =
        List.of(saved(replaced, Verb.REPLACE), saved(cancelled.retry(another, tick())));

    for (Job job : anew) {
      assertThat(await(job, wait("go", job.attempt(), Duration.ofHours(1))).status())
          .isEqualTo(Status.PENDING);
      assertThat(send(job, "go", "k", "2")).isInstanceOf(Sent.Accepted.class);
      assertThat(await(job, wait("go", job.attempt(), Duration.ofHours(1))).value()).isEqualTo("2");
    }
    assertThat(await(other, wait("go", 1, Duration.ofHours(1))).value()).isEqualTo("3");
  }

  @Test
  void stepsAndSignalsGoWithTheirJob() {
    Job job = stored(jobs.aJob(), JobState.RUNNING);
    keep(job, "a", "1");
    send(job, "s", "k", "1");
    Job other = submitted(jobs.aQueuedJob());
    keep(other, "a", "2");
    saved(job, Verb.SUCCEED);
    assertThat(stores.jobs().deleteEnded(List.of(job.id()))).isEqualTo(1);

    assertThat(steps.steps(job.id())).isEmpty();
    assertThat(steps.steps(other.id())).hasSize(1);
    assertThat(send(job, "s", "k", "1")).isEqualTo(new Sent.UnknownJob());
  }

  @Test
  void aJobHasAThousandStepsAtMost() {
    Job job = submitted(jobs.aQueuedJob());
    for (int i = 0; i < JobSteps.MOST; i++) {
      assertThat(keep(job, "step-" + i, "1")).isInstanceOf(Answer.Kept.class);
    }
    assertThat(keep(job, "one-more", "1")).isEqualTo(Answer.Full.ofCount());
    assertThat(steps.await(job.attemptId(), wait("s", 1, Duration.ofHours(1))))
        .isEqualTo(Answer.Full.ofCount());
    assertThat(keep(job, "step-0", "2")).isInstanceOf(Answer.Kept.class);
  }

  @Test
  void theValuesOfAJobHaveAMebibyteAtMost() {
    Job job = submitted(jobs.aQueuedJob());
    String value = "\"" + "x".repeat(JobSteps.LARGEST - 2) + "\"";
    for (int i = 0; i < JobSteps.MOST_BYTES / JobSteps.LARGEST; i++) {
      assertThat(keep(job, "step-" + i, value)).isInstanceOf(Answer.Kept.class);
    }
    assertThat(keep(job, "one-more", "1")).isEqualTo(Answer.Full.ofBytes());
    assertThat(steps.steps(job.id())).hasSize(4);
  }

  @Test
  void aSignalThatComesEarlyIsKept() {
    Job job = submitted(jobs.aQueuedJob());
    assertThat(send(job, "go", "k", "{\"by\":\"ann\"}"))
        .isEqualTo(new Sent.Accepted(JobState.QUEUED, List.of()));

    JobStep come = await(job, wait("go", 1, Duration.ofHours(1)));
    assertThat(come.status()).isEqualTo(Status.DONE);
    assertThat(come.value()).isEqualTo("{\"by\":\"ann\"}");
    assertThat(await(job, wait("go", 1, Duration.ofHours(1)))).isEqualTo(come);
  }

  @Test
  void signalsAreTakenOnceAndInOrder() {
    Job job = submitted(jobs.aQueuedJob());
    send(job, "go", "b", "1");
    send(job, "go", "a", "2");
    send(job, "other", "a", "3");

    Instant end = tick().plusSeconds(60);
    assertThat(await(job, JobStep.wait("one", 1, tick(), end, "go")).value()).isEqualTo("1");
    assertThat(await(job, JobStep.wait("two", 1, tick(), end, "go")).value()).isEqualTo("2");
    assertThat(await(job, JobStep.wait("three", 1, tick(), end, "go")).status())
        .isEqualTo(Status.PENDING);
  }

  @Test
  void aSignalWithTheSameKeyIsTheSame() {
    Job job = submitted(jobs.aQueuedJob());
    send(job, "go", "k", "1");
    assertThat(send(job, "go", "k", "2")).isEqualTo(new Sent.Repeated(JobState.QUEUED));
    assertThat(await(job, wait("go", 1, Duration.ofHours(1))).value()).isEqualTo("1");
    assertThat(send(job, "go", "k", "3")).isEqualTo(new Sent.Repeated(JobState.QUEUED));
    assertThat(send(job, "go", "K", "4")).isInstanceOf(Sent.Accepted.class);
  }

  @Test
  void anotherSignalUnderTheSameKeyIsRefused() {
    Job job = stored(jobs.aJob(), JobState.RUNNING);
    assertThat(sendAs(job, 1)).isInstanceOf(Sent.Accepted.class);
    assertThat(sendAs(job, 1)).isEqualTo(new Sent.Repeated(JobState.RUNNING));
    assertThat(sendAs(job, 2)).isEqualTo(new Sent.KeyReused());

    assertThat(await(job, wait("go", 1, Duration.ofHours(1))).value()).isEqualTo("1");
    assertThat(sendAs(job, 2)).as("after it was taken").isEqualTo(new Sent.KeyReused());
    saved(job, Verb.SUCCEED);
    assertThat(sendAs(job, 1)).isEqualTo(new Sent.Repeated(JobState.DONE));
    assertThat(sendAs(job, 2)).isEqualTo(new Sent.KeyReused());
  }

  @Test
  void aSignalWakesAJobThatSleepsForIt() {
    Job asleep = asleep("go", Duration.ofHours(1));
    assertThat(asleep.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(asleep.attempt()).isEqualTo(2);
    assertThat(asleep.failures()).isZero();
    assertThat(stores.jobs().attempts(asleep.id()))
        .extracting(AttemptRecord::outcome)
        .containsExactly(AttemptRecord.Outcome.POSTPONED);
    assertThat(send(asleep, "other", "k", "1"))
        .isEqualTo(new Sent.Accepted(JobState.SCHEDULED, List.of()));

    Sent sent = send(asleep, "go", "k", "1");
    Job woken = found(asleep.id());
    assertThat(woken.state()).isEqualTo(JobState.QUEUED);
    assertThat(woken.attempt()).isEqualTo(2);
    assertThat(sent).isEqualTo(new Sent.Accepted(JobState.QUEUED, List.of(woken)));
    assertThat(stores.timers().due(tick().plus(Duration.ofDays(1)), 10)).isEmpty();
    if (stores.outbox() != null) {
      assertThat(stores.outbox().pending(tick().plusSeconds(60), 10)).contains(woken);
    }
    assertThat(await(woken, wait("go", 2, Duration.ofHours(1))).status()).isEqualTo(Status.DONE);
  }

  @Test
  void aSignalThatComesWhileAJobGoesToSleepIsNotLost() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    JobStep wait = await(running, wait("go", 1, Duration.ofHours(1)));
    assertThat(wait.status()).isEqualTo(Status.PENDING);
    assertThat(send(running, "go", "k", "1"))
        .isEqualTo(new Sent.Accepted(JobState.RUNNING, List.of()));

    Instant now = tick();
    saved(running.suspend(until(wait), "waits for signal go", now));

    Job asleep = found(running.id());
    assertThat(asleep.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(asleep.dueAt()).isEqualTo(now);
    assertThat(stores.timers().due(tick(), 10)).extracting(Job::id).containsExactly(running.id());
  }

  @Test
  void aSignalThatIsNotWaitedForLeavesAJobAsleep() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    await(running, wait("go", 1, Duration.ofHours(1)));
    Job again = saved(saved(saved(running, Verb.CANCEL), Verb.RETRY), Verb.START);
    send(again, "go", "k", "1");
    Instant end = tick().plusSeconds(600);
    steps.keep(again.attemptId(), JobStep.sleep("sleep-1", 2, tick(), end));
    saved(again.suspend(end, "sleeps", tick()));

    assertThat(found(running.id()).dueAt()).isEqualTo(end);
    assertThat(send(again, "go", "k2", "1"))
        .isEqualTo(new Sent.Accepted(JobState.SCHEDULED, List.of()));
  }

  @Test
  void goingToSleepAndASignalAtTheSameTimeNeverMissEachOther() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      Job running = stored(jobs.aJob(), JobState.RUNNING);
      JobStep wait = await(running, wait("go", 1, Duration.ofHours(1)));
      Instant now = tick();
      List<Callable<Object>> both =
          List.of(
              () -> stores.jobs().save(List.of(running.suspend(until(wait), "waits", now))),
              () -> send(running, "go", "k", "1"));
      atOnce(both);

      Job after = found(running.id());
      assertThat(
              after.state() == JobState.QUEUED
                  || Objects.requireNonNull(after.dueAt()).equals(after.updatedAt()))
          .as("%s", after)
          .isTrue();
    }
  }

  @Test
  void aWaitTimesOutAndStaysSo() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Instant begun = tick();
    JobStep wait = JobStep.wait("w", 1, begun, begun.plusSeconds(10), "go");
    assertThat(await(running, wait).status()).isEqualTo(Status.PENDING);
    JobStep later = JobStep.wait("w", 1, begun.plusSeconds(9), begun.plusSeconds(99), "go");
    assertThat(await(running, later)).isEqualTo(wait);

    JobStep late = JobStep.wait("w", 1, begun.plusSeconds(10), begun.plusSeconds(99), "go");
    JobStep over = await(running, late);
    assertThat(over.status()).isEqualTo(Status.TIMED_OUT);
    send(running, "go", "k", "1");
    assertThat(await(running, late)).isEqualTo(over);
  }

  @Test
  void aJobThatIsOverTakesNoSignal() {
    Job asleep = asleep("go", Duration.ofHours(1));
    Job cancelled = saved(asleep, Verb.CANCEL);
    assertThat(send(cancelled, "go", "k", "1")).isEqualTo(new Sent.Over(JobState.CANCELLED));
    assertThat(found(asleep.id())).isEqualTo(cancelled);
    assertThat(stores.timers().due(tick().plus(Duration.ofDays(1)), 10)).isEmpty();
  }

  @Test
  void aJobHasAThousandSignalsAtMostAndAMebibyteOfThem() {
    Job job = submitted(jobs.aQueuedJob());
    String large = "\"" + "x".repeat(JobSignals.LARGEST - 2) + "\"";
    int fit = JobSignals.MOST_BYTES / JobSignals.LARGEST;
    for (int i = 0; i < fit; i++) {
      assertThat(send(job, "go", "large-" + i, large)).isInstanceOf(Sent.Accepted.class);
    }
    assertThat(send(job, "go", "k", "1")).isInstanceOf(Sent.Full.class);

    Job other = submitted(jobs.aQueuedJob());
    for (int i = 0; i < JobSignals.MOST; i++) {
      assertThat(send(other, "go", "k-" + i, "1")).isInstanceOf(Sent.Accepted.class);
    }
    assertThat(send(other, "go", "k", "1")).isInstanceOf(Sent.Full.class);
  }

  @Test
  void signalsThatWereTakenGoOnCounting() {
    Job job = submitted(jobs.aQueuedJob());
    String large = "\"" + "x".repeat(JobSignals.LARGEST - 2) + "\"";
    int fit = JobSignals.MOST_BYTES / JobSignals.LARGEST;
    Instant end = tick().plusSeconds(3600);
    for (int i = 0; i < fit; i++) {
      assertThat(send(job, "go", "k-" + i, large)).isInstanceOf(Sent.Accepted.class);
      assertThat(await(job, JobStep.wait("wait-" + i, 1, tick(), end, "go")).value())
          .isEqualTo(large);
    }
    assertThat(send(job, "go", "k", "1")).isInstanceOf(Sent.Full.class);
  }

  @Test
  void whatCameWithSignalsTakesNoRoomOfSteps() {
    Job job = submitted(jobs.aQueuedJob());
    String large = "\"" + "x".repeat(JobSignals.LARGEST - 2) + "\"";
    Instant end = tick().plusSeconds(3600);
    for (int i = 0; i < JobSignals.MOST_BYTES / JobSignals.LARGEST; i++) {
      send(job, "go", "k-" + i, large);
      await(job, JobStep.wait("wait-" + i, 1, tick(), end, "go"));
    }
    String value = "\"" + "x".repeat(JobSteps.LARGEST - 2) + "\"";
    for (int i = 0; i < JobSteps.MOST_BYTES / JobSteps.LARGEST; i++) {
      assertThat(keep(job, "step-" + i, value)).isInstanceOf(Answer.Kept.class);
    }
    assertThat(keep(job, "one-more", "1")).isEqualTo(Answer.Full.ofBytes());
  }

  /** A job whose first attempt waits for a signal. */
  private Job asleep(String signal, Duration timeout) {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    JobStep wait = await(running, wait(signal, 1, timeout));
    return saved(running.suspend(until(wait), "waits for signal " + signal, tick()));
  }

  private static Instant until(JobStep wait) {
    return Objects.requireNonNull(wait.until());
  }

  private JobStep wait(String signal, int attempt, Duration timeout) {
    Instant now = tick();
    return JobStep.wait("wait-" + signal, attempt, now, now.plus(timeout), signal);
  }

  private JobStep await(Job job, JobStep wait) {
    Answer answer = steps.await(job.attemptId(), wait);
    assertThat(answer).isInstanceOf(Answer.Kept.class);
    JobStep kept = ((Answer.Kept) answer).step();
    assertThat(steps.steps(job.id())).contains(kept);
    return kept;
  }

  private Answer keep(Job job, String name, String value) {
    return steps.keep(job.attemptId(), JobStep.result(name, job.attempt(), tick(), value));
  }

  private Sent send(Job job, String name, String key, String payload) {
    JobId id = job.id();
    return signals.send(new Signal(id, name, key, null, payload, tick()), UnaryOperator.identity());
  }

  /** Sends a number as a signal under the key of all. */
  private Sent sendAs(Job job, int number) {
    IdempotencyKey key = Jobs.aKey("k", number);
    String payload = String.valueOf(number);
    return signals.send(
        new Signal(job.id(), "go", key.key(), key.fingerprint(), payload, tick()),
        UnaryOperator.identity());
  }
}
