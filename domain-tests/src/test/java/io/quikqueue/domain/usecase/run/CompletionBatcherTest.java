package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompletionBatcherTest {

  private static final int BATCH = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final WorkerSettings settings =
      new WorkerSettings("worker", Set.of(), 4, 4, 2, Duration.ofSeconds(30), _ -> false);
  private final Queue<ActiveAttempt> done = new ConcurrentLinkedQueue<>();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final AttemptLifecycle lifecycle =
      new AttemptLifecycle(
          settings,
          world.ready.port(),
          world.store.port(),
          world.memory.journal(),
          new Finish(world.listened, world.ready.port(), world.meter),
          clock,
          System::nanoTime,
          () -> true,
          world.meter);
  private final CompletionBatcher batcher =
      new CompletionBatcher(lifecycle, settings.lanes(), done::add);

  @AfterEach
  void close() {
    answer.countDown();
    batcher.close(PATIENCE);
  }

  @Test
  void anOutcomeTakesTheSecondLaneWhenAWholeBatchWaitsInTheFirst() {
    holdTheFirstLane();
    for (int i = 0; i < BATCH; i++) {
      succeed(attempt());
    }
    ActiveAttempt next = attempt();
    succeed(next);

    await().atMost(PATIENCE).until(() -> !done.isEmpty());
    assertThat(done).containsExactly(next);
    answer.countDown();

    await().atMost(PATIENCE).until(() -> done.size() == BATCH + 2);
    assertThat(done).extracting(this::state).containsOnly(JobState.DONE);
  }

  @Test
  void anOutcomeStaysBehindTheMarkOfItsAttempt() {
    ActiveAttempt marked = attempt();
    holdTheFirstLane();
    assertThat(marked.askMark()).isTrue();
    batcher.mark(marked);
    for (int i = 0; i < BATCH - 1; i++) { // the mark waits too
      succeed(attempt());
    }
    succeed(marked);
    ActiveAttempt next = attempt();
    succeed(next);

    await().atMost(PATIENCE).until(() -> !done.isEmpty());
    assertThat(done).containsExactly(next);
    answer.countDown();

    await().atMost(PATIENCE).until(() -> done.contains(marked));
    assertThat(state(marked)).isEqualTo(JobState.DONE);
    assertThat(world.meter.count("stale")).isZero();
  }

  /** Its next transaction waits for the answer of the store, with one outcome in it. */
  private void holdTheFirstLane() {
    CountDownLatch asked = new CountDownLatch(1);
    world.store.beforeNext(
        "save",
        () -> {
          asked.countDown();
          reached(answer);
        });
    succeed(attempt());
    reached(asked);
  }

  private static void reached(CountDownLatch latch) {
    await().atMost(PATIENCE).until(() -> latch.getCount() == 0);
  }

  private ActiveAttempt attempt() {
    Job job = world.stored(world.jobs.aQueuedJob());
    return new ActiveAttempt(
        job,
        job,
        clock.instant(),
        System::nanoTime,
        world.memory.steps(),
        Redaction.usual(),
        NodeSpawner.none());
  }

  private void succeed(ActiveAttempt attempt) {
    Completion completion =
        lifecycle.end(
            attempt, new AttemptOutcome.Succeeded(new Result(null, null), clock.instant()));
    assertThat(completion).isNotNull();
    batcher.complete(completion);
  }

  private JobState state(ActiveAttempt attempt) {
    return world.found(attempt.id().job()).state();
  }
}
