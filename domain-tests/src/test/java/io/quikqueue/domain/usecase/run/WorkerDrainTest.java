package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of running jobs when their worker goes away. */
class WorkerDrainTest extends WorkerFixture {

  @Test
  void drainingLetsRunningJobsFinishAndTakesNoMore() throws InterruptedException {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    Thread draining = Thread.ofVirtual().start(() -> worker.drain(PATIENCE));
    AtomicInteger takes = new AtomicInteger(-1);
    await("no more are taken")
        .pollInterval(Duration.ofMillis(1200))
        .until(
            () -> {
              int now = world.ready.calls("take");
              return takes.getAndSet(now) == now;
            });
    Job late = world.readied(world.jobs.aQueuedJob());
    mayEnd.countDown();
    assertThat(draining.join(PATIENCE)).isTrue();

    assertThat(world.state(job)).isEqualTo(JobState.DONE);
    assertThat(world.state(late)).isEqualTo(JobState.QUEUED);
    assertThat(world.readyMemory.depth()).containsEntry("default", 1L);
  }

  @Test
  void drainingHandsBackWhatDoesNotFinishInTime() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    awaitState(job, JobState.RUNNING);

    worker.drain(Duration.ZERO);

    Job back = world.found(job.id());
    assertThat(back.state()).isEqualTo(JobState.QUEUED);
    assertThat(back.attemptId()).isEqualTo(job.attemptId());
    assertThat(back.failures()).isZero();
    assertThat(back.crashes()).isZero();
    assertThat(world.readyMemory.depth()).containsEntry("default", 1L);
    assertThat(world.memory.attempts(job.id())).isEmpty();
  }

  @Test
  void drainingHandsBackWithoutTheReadyQueue() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    world.ready.down();
    worker.drain(Duration.ZERO);

    Job back = world.found(job.id());
    assertThat(back.state()).isEqualTo(JobState.QUEUED);
    assertThat(back.attemptId()).isEqualTo(job.attemptId());
    assertThat(back.updatedAt()).isAfter(job.updatedAt()); // by which rescue knows
  }

  @Test
  void aHandlerThatFinishesWhenInterruptedByTheDrainIsDone() {
    handlers.put(
        "echo",
        run -> {
          try {
            return waitForTheEnd(run);
          } catch (InterruptedException e) {
            return new Result("\"in time\"", null);
          }
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    worker.drain(Duration.ZERO);

    assertThat(world.found(job.id()).result()).isEqualTo("\"in time\"");
  }

  @Test
  void anAttemptThatEndsItsProcessCountsACrashAndItsNeighbourDoesNot() {
    AtomicReference<Thread> caller = new AtomicReference<>();
    handlers.put("echo", this::waitForTheEnd);
    handlers.put(
        "exit",
        run -> {
          caller.set(Thread.currentThread());
          return waitStubbornly(run);
        });
    Job cause = world.readied(world.jobs.aJob().type("exit").queued());
    Job neighbour = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(2);
    await().until(() -> worker.busy() == 2 && caller.get() != null);
    StackTraceElement[] exit = {new StackTraceElement("java.lang.Shutdown", "exit", null, 0)};

    worker.drain(
        Duration.ZERO,
        new ProcessEnd(
            true, List.of(), each -> each == caller.get() ? exit : new StackTraceElement[0]));

    assertThat(world.found(cause.id()).attempt()).isEqualTo(2);
    assertThat(world.found(cause.id()).crashes()).isEqualTo(1);
    assertThat(world.outboxed())
        .extracting(Job::attemptId)
        .contains(world.found(cause.id()).attemptId());
    assertThat(world.state(neighbour)).isEqualTo(JobState.QUEUED);
    assertThat(world.found(neighbour.id()).attempt()).isEqualTo(1);
    assertThat(world.found(neighbour.id()).crashes()).isZero();
  }

  @Test
  void whenNobodyIsFoundToEndTheProcessWhatIsLeftCountsACrash() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(2);
    await().until(() -> worker.busy() == 1);

    worker.drain(Duration.ZERO, new ProcessEnd(true, List.of(), _ -> new StackTraceElement[0]));

    assertThat(world.found(job.id()).crashes()).isEqualTo(1);
    assertThat(world.found(job.id()).attempt()).isEqualTo(2);
  }
}
