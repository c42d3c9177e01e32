package io.quikqueue.domain.usecase.run;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Leases are kept while jobs run; what was lost records nothing. */
class WorkerLeasesTest extends WorkerFixture {

  @Test
  void aLeaseIsKeptWhileTheJobRuns() {
    lease = LASTING_LEASE;
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> started.getCount() == 0);

    await().during(LASTING_LEASE.multipliedBy(2)).atMost(PATIENCE).until(() -> isKept(job));
  }

  /**
   * False = it has run out, as it may when this machine stands still; the worker gets it back, and
   * keeps it from then on if it renews it.
   */
  private boolean isKept(Job job) {
    boolean kept = world.readyMemory.reclaimExpired("rescuer", 10, LASTING_LEASE).isEmpty();
    if (!kept) {
      world.readyMemory.release("rescuer", List.of(job));
    }
    return kept;
  }

  @Test
  void aLeaseIsKeptWhileTheStoreIsAskedWhetherTheJobMayStart() {
    lease = LASTING_LEASE;
    handlers.put("echo", _ -> new Result(null, null));
    AtomicBoolean asked = new AtomicBoolean();
    CountDownLatch answer = new CountDownLatch(1);
    world.store.beforeNext(
        "current",
        () -> {
          asked.set(true);
          await().atMost(PATIENCE).until(() -> answer.getCount() == 0);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().untilTrue(asked);

    await().during(LASTING_LEASE.multipliedBy(2)).atMost(PATIENCE).until(() -> isKept(job));
    answer.countDown();

    assertThat(awaitState(job, JobState.DONE).attempt()).isOne();
  }

  @Test
  void anAttemptThatWasReplacedIsInterruptedAndRecordsNothing() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().queue("mine").queued());
    Worker worker = worker(1, Set.of("mine"), _ -> false);
    Job running = awaitState(job, JobState.RUNNING);

    Job second = world.saved(running.rescue(clock.instant()));
    world.pushed(second);

    await().until(() -> worker.running().stream().noneMatch(a -> a.attempt().number() == 1));
    assertThat(world.found(job.id()).attempt()).isEqualTo(2);
    assertThat(world.found(job.id()).crashes()).isEqualTo(1);
    mayEnd.countDown();
    awaitState(job, JobState.DONE);
  }

  @Test
  void anAttemptWhoseLeaseARescuerHasIsLeftToTheRescuer() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(1);
    await().until(() -> started.getCount() == 0);
    world.ready.down();
    await()
        .atMost(PATIENCE)
        .until(
            () -> !world.readyMemory.reclaimExpired("rescuer", 1, Duration.ofMinutes(1)).isEmpty());
    world.ready.up();

    await().atMost(PATIENCE).until(() -> worker.running().isEmpty());
    worker.drain(Duration.ZERO);

    assertThat(world.readyMemory.extend("rescuer", List.of(Envelope.of(job)), LEASE)).isEmpty();
    assertThat(world.meter.count("ran/echo/lost")).isEqualTo(1);
  }

  @Test
  void anAttemptThatWasLostIsNotTakenBack() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    handlers.put(
        "echo",
        run -> {
          try {
            return waitForTheEnd(run);
          } catch (InterruptedException e) {
            interrupted.countDown();
            return waitStubbornly(run);
          }
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> started.getCount() == 0);
    world.ready.down();
    world.readyMemory.wipe();
    world.pushed(job);
    List<Job> taken =
        world.readyMemory.take(
            TakeRequest.ofAllTypes("other", Set.of(), 1, Duration.ofMinutes(1), Duration.ZERO));
    world.ready.up();
    assertThat(interrupted.await(180, SECONDS)).isTrue();

    world.readyMemory.release("other", taken);

    await()
        .during(LEASE)
        .atMost(PATIENCE)
        .until(() -> world.readyMemory.depth().equals(Map.of("default", 1L)));
  }

  @Test
  void whatRunsSurvivesAWipeOfTheReadyQueue() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> started.getCount() == 0);

    world.readyMemory.wipe();

    await().until(() -> !world.unknownToReady(job));
    mayEnd.countDown();
    awaitState(job, JobState.DONE);
  }
}
