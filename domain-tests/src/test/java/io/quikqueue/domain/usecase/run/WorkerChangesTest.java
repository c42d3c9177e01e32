package io.quikqueue.domain.usecase.run;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A worker whose slots change while it runs, and one that is drained and resumed. */
class WorkerChangesTest extends WorkerFixture {

  @Test
  void withFewerSlotsWhatRunsGoesOnAndNoneStartsUntilFewerRun() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    handlers.put("echo", this::waitForTheEnd);
    handlers.put(
        "quick",
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          mayEnd.await(5, MILLISECONDS);
          now.decrementAndGet();
          return new Result(null, null);
        });
    List<Job> first = world.jobs.queuedJobs(4);
    first.forEach(world::readied);
    Worker worker = worker(4);
    await().atMost(PATIENCE).until(() -> worker.busy() == 4);

    worker.resize(2, 2);
    assertThat(worker.slots()).isEqualTo(2);
    List<Job> later = quick(30);
    assertThat(worker.busy()).isEqualTo(4);
    assertThat(most).hasValue(0);

    mayEnd.countDown();
    first.forEach(job -> awaitState(job, JobState.DONE));
    later.forEach(job -> awaitState(job, JobState.DONE));
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void withMoreSlotsMoreRunAtOnceOfOneQueueToo() {
    handlers.put("echo", this::waitForTheEnd);
    List<Job> jobs = world.jobs.queuedJobs(9);
    jobs.forEach(world::readied);
    Worker worker = worker(2, 1, Set.of(), _ -> false);
    await().atMost(PATIENCE).until(() -> worker.busy() == 1);

    worker.resize(8, 7);

    await().atMost(PATIENCE).until(() -> worker.busy() == 7);
    mayEnd.countDown();
    jobs.forEach(job -> awaitState(job, JobState.DONE));
  }

  @Test
  void withoutSlotsNothingStarts() {
    handlers.put("echo", _ -> new Result(null, null));
    Worker worker = worker(4);
    worker.resize(0, 1);
    Job job = world.readied(world.jobs.aQueuedJob());
    awaitOneReadyForLong();
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);
    assertThat(worker.phase()).isEqualTo(Phase.RUNNING);

    worker.resize(1, 1);

    assertThat(awaitState(job, JobState.DONE).attempt()).isEqualTo(1);
  }

  @Test
  void aWorkerThatDrainsTakesNothingAndIsDrainedWhenItHasNothingLeft() {
    handlers.put("echo", this::waitForTheEnd);
    Job runs = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().atMost(PATIENCE).until(() -> worker.busy() == 1);

    worker.rest(true);
    assertThat(worker.phase()).isEqualTo(Phase.DRAINING);
    Job waits = world.readied(world.jobs.aQueuedJob());
    awaitOneReadyForLong();
    assertThat(worker.phase()).isEqualTo(Phase.DRAINING);
    mayEnd.countDown();
    awaitState(runs, JobState.DONE);
    await().atMost(PATIENCE).until(() -> worker.phase() == Phase.DRAINED);
    assertThat(world.state(waits)).isEqualTo(JobState.QUEUED);
    assertThat(world.readyMemory.depth()).containsEntry("default", 1L);

    worker.rest(false);
    assertThat(worker.phase()).isEqualTo(Phase.RUNNING);
    assertThat(awaitState(waits, JobState.DONE).attempt()).isEqualTo(1);
    awaitNothingLeased();
  }

  @Test
  void aWorkerThatDrainsGivesBackWhatWaitsInQuarantine() {
    handlers.put("echo", this::waitForTheEnd);
    handlers.put("other", _ -> new Result("1", null));
    Job runs = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);
    Job crashed = world.jobs.aJob().type("other").queued();
    for (int i = 0; i < 6; i++) { // so that it waits for minutes to be alone
      crashed = crashed.rescue(clock.instant()).after();
    }
    Job suspect = world.readied(crashed);
    await().atMost(PATIENCE).until(() -> ready() == 0);

    worker.rest(true);

    await().atMost(PATIENCE).until(() -> ready() == 1);
    assertThat(world.state(suspect)).isEqualTo(JobState.QUEUED);
    mayEnd.countDown();
    awaitState(runs, JobState.DONE);
  }

  private long ready() {
    return world.readyMemory.depth().getOrDefault("default", 0L);
  }

  /** Longer than a take that was under way. */
  private void awaitOneReadyForLong() {
    await().during(Duration.ofMillis(600)).atMost(PATIENCE).until(() -> ready() == 1);
  }

  private List<Job> quick(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> world.readied(world.jobs.aJob().type("quick").queued()))
        .toList();
  }
}
