package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.usecase.finish.Finish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IntakeTest {

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Map<AttemptId, Attempting> held = new HashMap<>();
  private final WorkerSettings settings =
      new WorkerSettings("worker", Set.of(), 4, 4, 1, Duration.ofSeconds(30), _ -> false);
  private final Intake intake =
      new Intake(
          settings,
          new Leases(world.ready.port(), settings),
          world.store.port(),
          new Finish(world.store.port(), world.ready.port(), _ -> {}, world.meter),
          clock,
          held,
          new Deferred(4));
  private final List<AttemptId> started = new ArrayList<>();

  private int startAll(Job... jobs) {
    List<JobMessage> taken = new ArrayList<>();
    for (Job job : jobs) {
      taken.add(JobMessage.of(job));
    }
    return intake.startAll(
        taken,
        attempt -> started.add(attempt.id()),
        (attempt, ending) -> {
          throw new AssertionError(attempt.id() + " ended: " + ending);
        });
  }

  @Test
  void whatWasTakenWaitsUntilTheStoreHasAnswered() {
    Job job = world.stored(world.jobs.aQueuedJob());
    List<JobMessage> waiting = new ArrayList<>();
    world.store.beforeNext("current", () -> waiting.addAll(intake.waiting()));

    assertThat(startAll(job)).isOne();

    assertThat(waiting)
        .extracting(message -> message.job().attemptId())
        .containsExactly(job.attemptId());
    assertThat(intake.waiting()).isEmpty();
    assertThat(held).containsOnlyKeys(job.attemptId());
  }

  @Test
  void whatWentToAnotherMeanwhileDoesNotStart() {
    Job lost = world.stored(world.jobs.aQueuedJob());
    Job kept = world.stored(world.jobs.aQueuedJob());
    world.store.beforeNext("current", () -> intake.lost(lost.attemptId()));

    assertThat(startAll(lost, kept)).isOne();

    assertThat(started).containsExactly(kept.attemptId());
    assertThat(held).containsOnlyKeys(kept.attemptId());
  }

  @Test
  void aLastChanceWaitsUntilTheOneBeforeItIsRecorded() {
    Job first = world.stored(crashedTwice());
    Job second = world.stored(crashedTwice());

    assertThat(startAll(first)).isOne();
    assertThat(startAll(second)).isZero(); // the first has not begun
    Attempting attempt = held.get(first.attemptId());
    long longAgo = System.nanoTime() - Duration.ofSeconds(3).toNanos();
    attempt.begin(Thread.currentThread(), longAgo);
    assertThat(attempt.end()).isTrue();

    assertThat(intake.nextDeferred()).isNull();
    assertThat(started).containsExactly(first.attemptId());
    held.remove(first.attemptId()); // recorded
    assertThat(intake.nextDeferred())
        .extracting(message -> message.job().attemptId())
        .isEqualTo(second.attemptId());
  }

  @Test
  void aLastChanceThatRunsOnLetsTheNextOneStart() {
    Job first = world.stored(crashedTwice());
    Job second = world.stored(crashedTwice());
    assertThat(startAll(first)).isOne();

    held.get(first.attemptId())
        .begin(Thread.currentThread(), System.nanoTime() - Duration.ofSeconds(3).toNanos());

    assertThat(startAll(second)).isOne();
    assertThat(started).containsExactly(first.attemptId(), second.attemptId());
  }

  private Job crashedTwice() {
    Job job = world.jobs.aQueuedJob();
    return job.rescue(clock.instant()).job().rescue(clock.instant()).job();
  }
}
