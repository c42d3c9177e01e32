package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.PauseKey;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jobs of a paused queue or type do not start, and hold nobody up. */
class WorkerPausesTest extends WorkerFixture {

  @Test
  void jobsOfAPausedQueueWaitUntilItIsResumedAndOthersDoNot() {
    handlers.put("echo", _ -> new Result("1", null));
    pause(Kind.QUEUE, "held");
    Job held = world.readied(world.jobs.aJob().queue("held").priority(0).queued());
    Job other = world.readied(world.jobs.aJob().queue("other").queued());
    worker(4);

    awaitState(other, JobState.DONE);
    assertThat(world.state(held)).isEqualTo(JobState.QUEUED);

    resume(Kind.QUEUE, "held");
    awaitState(held, JobState.DONE);
  }

  @Test
  void jobsOfAPausedTypeWaitUntilItIsResumed() {
    handlers.put("echo", _ -> new Result("1", null));
    handlers.put("other", _ -> new Result("1", null));
    pause(Kind.TYPE, "echo");
    Job held = world.readied(world.jobs.aJob().queued());
    Job other = world.readied(world.jobs.aJob().type("other").queued());
    worker(4);

    awaitState(other, JobState.DONE);
    assertThat(world.state(held)).isEqualTo(JobState.QUEUED);

    resume(Kind.TYPE, "echo");
    awaitState(held, JobState.DONE);
  }

  @Test
  void aWorkerOfWhichEverythingIsPausedTakesNothing() {
    handlers.put("echo", _ -> new Result("1", null));
    pause(Kind.TYPE, "echo");
    Job held = world.readied(world.jobs.aJob().queue("mails").queued());
    worker(4, Set.of("mails"), _ -> false);
    await().until(() -> pauses.calls("inForce") > 2);

    assertThat(world.ready.calls("take")).isZero();
    assertThat(world.state(held)).isEqualTo(JobState.QUEUED);

    resume(Kind.TYPE, "echo");
    awaitState(held, JobState.DONE);
  }

  @Test
  void aJobThatIsPausedWhileItWaitsInQuarantineDoesNotStart() {
    handlers.put("echo", this::waitForTheEnd);
    handlers.put("other", _ -> new Result("1", null));
    Job runs = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> started.getCount() == 0);
    Job crashed = world.jobs.aJob().type("other").queued();
    for (int i = 0; i < 6; i++) { // so that it waits for minutes to be alone
      crashed = crashed.rescue(clock.instant()).after();
    }
    Job suspect = world.readied(crashed);
    await().atMost(PATIENCE).until(() -> ready() == 0);

    pause(Kind.TYPE, "other");
    mayEnd.countDown();

    awaitState(runs, JobState.DONE);
    await().atMost(PATIENCE).until(() -> ready() == 1);
    assertThat(world.found(suspect.id())).isEqualTo(suspect);

    resume(Kind.TYPE, "other");
    awaitState(suspect, JobState.DONE);
  }

  @Test
  void whatRunsGoesOn() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().queue("mails").queued());
    worker(4);
    await().until(() -> started.getCount() == 0);

    pause(Kind.QUEUE, "mails");
    mayEnd.countDown();

    awaitState(job, JobState.DONE);
  }

  private long ready() {
    return world.readyMemory.depth().getOrDefault("default", 0L);
  }

  private void pause(Kind kind, String name) {
    world.memory.pause(new Pause(new PauseKey(kind, null, name), null, "ops", clock.instant()));
  }

  private void resume(Kind kind, String name) {
    assertThat(world.memory.resume(new PauseKey(kind, null, name))).isTrue();
  }
}
