package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.port.JobHandler.Result;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Attempts that time out or are cancelled, and handlers that do not stop. */
class WorkerStopTest extends WorkerFixture {

  private static final Policy HASTY =
      new Policy(1, Duration.ofSeconds(1), Duration.ofSeconds(1), null, Duration.ofSeconds(2), 3);

  @Test
  void anAttemptThatTakesTooLongIsInterruptedAndFails() {
    handlers.put("echo", this::waitForTheEnd);
    Policy policy =
        new Policy(
            5, Duration.ofSeconds(1), Duration.ofSeconds(1), null, Duration.ofMillis(200), 3);
    Job job = world.readied(world.jobs.aJob().policy(policy).queued());
    worker(4);

    assertThat(awaitState(job, JobState.RETRYING).error()).isEqualTo("timed out after 200 ms");
  }

  @Test
  void aJobCancelledBeforeItStartedNeverStarts() {
    handlers.put("echo", this::waitForTheEnd);
    handlers.put(
        "other",
        _ -> {
          throw new IllegalStateException("it did not work");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Job cancelled = world.saved(job.cancel(clock.instant()));
    Job other = world.readied(world.jobs.aJob().type("other").queued());
    worker(4);

    awaitState(other, JobState.RETRYING);
    awaitNothingLeased();
    assertThat(started.getCount()).isEqualTo(1);
    assertThat(world.found(job.id())).isEqualTo(cancelled);
  }

  @Test
  void aJobCancelledWhileItRunsIsInterruptedAndNeverDone() {
    AtomicBoolean sawCancel = new AtomicBoolean();
    handlers.put(
        "echo",
        run -> {
          try {
            return waitForTheEnd(run);
          } catch (InterruptedException e) {
            sawCancel.set(run.cancelled());
            return new Result("\"late\"", null);
          }
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    Job running = awaitState(job, JobState.RUNNING);

    Job cancelled = world.saved(running.cancel(clock.instant()));

    await().until(() -> worker.running().isEmpty());
    awaitNothingLeased();
    assertThat(sawCancel).isTrue();
    assertThat(world.found(job.id())).isEqualTo(cancelled);
    assertThat(world.meter.count("ran/echo/cancelled")).isEqualTo(1);
  }

  @Test
  void aCancelledHandlerThatDoesNotHeedTheInterruptIsLetGo() {
    handlers.put("echo", this::waitStubbornly);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    Job running = awaitState(job, JobState.RUNNING);

    world.saved(running.cancel(clock.instant()));

    await().atMost(PATIENCE).until(() -> worker.running().isEmpty());
    awaitNothingLeased();
    assertThat(worker.busy()).isEqualTo(1);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aHandlerThatDoesNotHeedItsTimeoutFailsAllTheSame() {
    handlers.put("echo", this::waitStubbornly);
    Policy policy =
        new Policy(
            5, Duration.ofSeconds(1), Duration.ofSeconds(1), null, Duration.ofMillis(200), 3);
    Job job = world.readied(world.jobs.aJob().policy(policy).queued());
    worker(4);

    await().atMost(PATIENCE).until(() -> world.state(job) == JobState.RETRYING);

    assertThat(world.found(job.id()).error()).isEqualTo("timed out after 200 ms");
  }

  @Test
  void aHandlerThatDoesNotStopGivesUpItsSlotAndWhatItReturnsIsRefused() {
    handlers.put("echo", this::waitStubbornly);
    handlers.put("other", _ -> new Result("2", null));
    Job job = world.readied(world.jobs.aJob().policy(HASTY).queued());
    Worker worker = worker(1);

    awaitState(job, JobState.FAILED);
    Job other = world.readied(world.jobs.aJob().type("other").queued());
    awaitState(other, JobState.DONE);

    assertThat(worker.abandonedTypes()).containsExactly("echo");
    assertThat(worker.stuck()).isZero();
    assertThat(worker.busy()).isEqualTo(1);
    mayEnd.countDown();
    await().atMost(PATIENCE).until(() -> worker.abandonedTypes().isEmpty() && worker.busy() == 0);
    assertThat(world.state(job)).isEqualTo(JobState.FAILED);
    assertThat(world.found(job.id()).result()).isNull();
  }

  @Test
  void handlersThatDoNotStopKeepTheirSlotsWhenThereAreTooMany() {
    handlers.put("echo", this::waitStubbornly);
    handlers.put("other", _ -> new Result("2", null));
    Worker worker = worker(2);
    assertThat(worker.mostAbandoned()).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      Job job = world.readied(world.jobs.aJob().policy(HASTY).queued());
      awaitState(job, JobState.FAILED);
    }

    assertThat(worker.abandonedTypes()).containsExactly("echo", "echo", "echo");
    assertThat(worker.stuck()).isEqualTo(2);
    Job other = world.readied(world.jobs.aJob().type("other").queued());
    assertThat(world.state(other)).isEqualTo(JobState.QUEUED);
    mayEnd.countDown();

    awaitState(other, JobState.DONE);
    await().atMost(PATIENCE).until(() -> worker.abandonedTypes().isEmpty() && worker.stuck() == 0);
  }
}
