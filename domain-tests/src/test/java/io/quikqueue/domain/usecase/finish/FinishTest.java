package io.quikqueue.domain.usecase.finish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FinishTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Finish finish = new Finish(world.listened, world.ready.port(), world.meter);
  private Job good;
  private Job bad;

  @BeforeEach
  void takeJobs() throws InterruptedException {
    good = world.readied(world.jobs.aQueuedJob());
    bad = world.readied(world.jobs.aQueuedJob());
    assertThat(
            world.readyMemory.take(
                TakeRequest.ofAllTypes("w", List.of(), 10, LEASE, Duration.ZERO)))
        .hasSize(2);
    clock.advance(Duration.ofSeconds(1));
  }

  @Test
  void outcomesAreRecordedAndThenForgottenByTheReadyQueue() {
    finish.finish(List.of(succeeded(good), failed(bad)));

    assertThat(world.state(good)).isEqualTo(JobState.DONE);
    assertThat(world.state(bad)).isEqualTo(JobState.RETRYING);
    assertThat(world.ended()).containsExactly(world.found(good.id()), world.found(bad.id()));
    assertThat(expiredLeases()).isZero();
    assertThat(world.meter.count("stale")).isZero();
  }

  @Test
  void anOutcomeThatTheStoreRefusesEndsItsJobAndNoOther() {
    Transition refused = bad.succeed("1", null, Instant.MAX).by("w");

    finish.finish(List.of(refused, succeeded(good)));

    assertThat(world.state(good)).isEqualTo(JobState.DONE);
    Job failed = world.found(bad.id());
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.error()).isEqualTo("the store refused how it ended: a time is out of range");
    assertThat(world.ended()).contains(failed);
    assertThat(expiredLeases()).isZero();
    assertThat(world.meter.count("stale")).isZero();
  }

  @Test
  void whatIsNotRecordedIsNotForgotten() {
    world.store.down();
    assertThatThrownBy(() -> finish.finish(List.of(succeeded(good))))
        .isInstanceOf(UnavailableException.class);
    assertThat(world.ended()).isEmpty();
    assertThat(expiredLeases()).isEqualTo(2);
  }

  @Test
  void recordingAgainAfterALostAnswerIsNotStale() {
    world.store.loseAnswers(1);
    assertThatThrownBy(() -> finish.finish(List.of(succeeded(good))))
        .isInstanceOf(UnavailableException.class);

    finish.finish(List.of(succeeded(good)));

    assertThat(world.meter.count("stale")).isZero();
    assertThat(world.ended()).hasSize(1);
    assertThat(world.memory.attempts(good.id())).hasSize(1);
  }

  @Test
  void aStaleOutcomeIsDroppedCountedAndForgotten() {
    Job cancelled = world.saved(good.cancel(clock.instant()));

    finish.finish(List.of(succeeded(good), succeeded(bad)));

    assertThat(world.found(good.id())).isEqualTo(cancelled);
    assertThat(world.ended()).containsExactly(world.found(bad.id()));
    assertThat(world.meter.count("stale")).isEqualTo(1);
    assertThat(expiredLeases()).isZero();
  }

  @Test
  void theReadyQueueMayBeAway() {
    world.ready.down();

    finish.finish(List.of(succeeded(good)));

    assertThat(world.state(good)).isEqualTo(JobState.DONE);
    assertThat(world.ended()).hasSize(1);
  }

  private int expiredLeases() {
    clock.advance(LEASE);
    return world.readyMemory.reclaimExpired("rescuer", 10, LEASE).size();
  }

  private Transition succeeded(Job job) {
    return job.succeed("1", null, clock.instant()).by("w");
  }

  private Transition failed(Job job) {
    return job.fail(new Failure("no", false), 0, clock.instant()).by("w");
  }
}
