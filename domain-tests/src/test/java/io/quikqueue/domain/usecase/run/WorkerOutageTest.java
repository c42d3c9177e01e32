package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A store or a ready queue that goes and comes back. */
class WorkerOutageTest extends WorkerFixture {

  @Test
  void resultsAreKeptUntilTheStoreIsBack() {
    handlers.put(
        "echo",
        _ -> {
          world.store.down();
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> world.store.calls("save") >= 2);
    assertThat(world.state(job).terminal()).isFalse();

    world.store.up();

    assertThat(awaitState(job, JobState.DONE).result()).isEqualTo("1");
    awaitNothingLeased();
  }

  @Test
  void aResultWhoseWriteWasInDoubtIsRecordedOnce() {
    AtomicInteger runs = new AtomicInteger();
    handlers.put(
        "echo",
        _ -> {
          runs.incrementAndGet();
          world.store.beforeNext("save", () -> world.store.loseAnswers(1));
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> world.store.calls("save") >= 2);
    awaitNothingLeased();

    assertThat(world.state(job)).isEqualTo(JobState.DONE);
    assertThat(world.memory.attempts(job.id())).hasSize(1);
    assertThat(world.meter.count("stale")).isZero();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aFailureWhoseWriteWasInDoubtIsRecordedOnceToo() {
    handlers.put(
        "echo",
        _ -> {
          world.store.beforeNext("save", () -> world.store.loseAnswers(1));
          throw new IllegalStateException("no luck");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> world.store.calls("save") >= 2);
    awaitNothingLeased();

    assertThat(world.found(job.id()).failures()).isEqualTo(1);
    assertThat(world.memory.attempts(job.id())).hasSize(1);
    assertThat(world.meter.count("stale")).isZero();
  }

  @Test
  void nothingStartsWhileTheStoreCannotBeAsked() {
    handlers.put("echo", _ -> new Result(null, null));
    world.store.down();
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> world.store.calls("current") >= 2);
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);

    world.store.up();

    awaitState(job, JobState.DONE);
  }

  @Test
  void theReadyQueueMayGoAndComeBack() {
    handlers.put("echo", _ -> new Result(null, null));
    world.ready.down();
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> world.ready.calls("take") >= 2);

    world.ready.up();

    awaitState(job, JobState.DONE);
  }
}
