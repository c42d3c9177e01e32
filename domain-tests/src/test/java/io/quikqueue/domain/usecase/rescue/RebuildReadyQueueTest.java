package io.quikqueue.domain.usecase.rescue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebuildReadyQueueTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration OLD = Duration.ofMinutes(10);
  private static final long HIGH_WATER = 1000;

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final RebuildReadyQueue rebuild =
      new RebuildReadyQueue(
          world.memory,
          world.ready.port(),
          world.readyMemory,
          world.stream.port(),
          clock,
          HIGH_WATER,
          LEASE,
          LEASE);

  @Test
  void aReadyQueueThatWasWipedIsFilledFromTheStore() {
    Job queued = world.stored(world.jobs.aQueuedJob());
    Job second = world.stored(world.jobs.aJob(), JobState.RETRYING);
    Job again = world.saved(second.wake(clock.instant()));
    world.stored(world.jobs.aJob(), JobState.SCHEDULED);
    world.stored(world.jobs.aJob(), JobState.DONE);

    rebuild.rebuildIfBlank();

    assertThat(taken()).containsExactlyInAnyOrder(queued.attemptId(), again.attemptId());
    assertThat(world.readyMemory.blank()).isFalse();
  }

  @Test
  void aReadyQueueThatLostNothingIsLeftAlone() {
    world.readyMemory.markRebuilt(Duration.ZERO);
    world.stored(world.jobs.aQueuedJob());

    rebuild.rebuildIfBlank();

    assertThat(world.readyMemory.depth()).isEmpty();
  }

  @Test
  void whatIsThereAlreadyIsNotPushedTwice() {
    Job job = world.readied(world.jobs.aQueuedJob());

    rebuild.rebuildIfBlank();

    assertThat(taken()).containsExactly(job.attemptId());
  }

  @Test
  void aWorkerThatLivesKeepsWhatItRuns() {
    Job running = world.stored(world.jobs.aJob(), JobState.RUNNING);
    rebuild.rebuildIfBlank();
    assertThat(taken()).isEmpty();

    assertThat(world.readyMemory.extend("worker", List.of(Envelope.of(running)), LEASE)).isEmpty();
    clock.advance(LEASE.minusMillis(1));

    assertThat(world.readyMemory.reclaimExpired("rescuer", 10, LEASE)).isEmpty();
  }

  @Test
  void aWorkerThatVanishedMeanwhileIsNoticed() {
    Job running = world.stored(world.jobs.aJob(), JobState.RUNNING);
    rebuild.rebuildIfBlank();

    clock.advance(LEASE);

    assertThat(world.readyMemory.reclaimExpired("rescuer", 10, LEASE))
        .extracting(ExpiredLease::attempt)
        .containsExactly(running.attemptId());
  }

  @Test
  void afterAWipeAQueueIsFilledToOneAndAHalfTimesItsHighWaterMarkAndAPage() {
    world.jobs.queuedJobs(3000).forEach(world::stored);

    rebuild.rebuildIfBlank();

    assertThat(world.readyMemory.depth().get("default"))
        .isBetween(HIGH_WATER * 3 / 2, HIGH_WATER * 3 / 2 + 500);
  }

  @Test
  void whatWasWipedComesBackAlthoughConsumersWereFaster() {
    List<Job> wiped = world.jobs.queuedJobs((int) HIGH_WATER);
    wiped.forEach(world::stored);
    world.jobs.queuedJobs((int) HIGH_WATER).forEach(world::readied);

    rebuild.rebuildIfBlank();

    assertThat(wiped).noneMatch(world::unknownToReady);
  }

  @Test
  void theSweepFillsAQueueToItsHighWaterMarkAndAPage() {
    world.readyMemory.markRebuilt(Duration.ZERO);
    world.jobs.queuedJobs(3000).forEach(world::stored);
    world.jobs.queuedJobs(200).forEach(world::readied);
    clock.advance(OLD.plusSeconds(1));

    rebuild.sweep(OLD);

    assertThat(world.readyMemory.depth().get("default")).isBetween(HIGH_WATER, HIGH_WATER + 500);
  }

  @Test
  void aLongQueueDoesNotKeepAnotherFromBeingFilled() {
    world.jobs.queuedJobs(3000).forEach(world::stored);
    Job behind = world.stored(world.jobs.aJob().queue("short").queued());

    rebuild.rebuildIfBlank();

    assertThat(world.unknownToReady(behind)).isFalse();
  }

  @Test
  void halfARebuildIsDoneAnew() {
    world.stored(world.jobs.aQueuedJob());
    world.ready.down();
    assertThatThrownBy(rebuild::rebuildIfBlank).isInstanceOf(UnavailableException.class);
    assertThat(world.readyMemory.blank()).isTrue();

    world.ready.up();
    rebuild.rebuildIfBlank();

    assertThat(taken()).hasSize(1);
  }

  @Test
  void theSweepPutsBackOldJobsThatFellThrough() {
    world.readyMemory.markRebuilt(Duration.ZERO);
    Job lost = world.stored(world.jobs.aQueuedJob());
    Job held = world.readied(world.jobs.aQueuedJob());
    clock.advance(OLD.plusSeconds(1));
    Job young = world.stored(world.jobs.aQueuedJob());

    rebuild.sweep(OLD);

    assertThat(taken()).containsExactlyInAnyOrder(lost.attemptId(), held.attemptId());
    assertThat(world.unknownToReady(young)).isTrue();
  }

  @Test
  void theSweepNoticesOldRunningJobsThatNobodyHolds() {
    Job lost = world.stored(world.jobs.aJob(), JobState.RUNNING);
    clock.advance(OLD.plusSeconds(1));
    Job young = world.stored(world.jobs.aJob(), JobState.RUNNING);

    rebuild.sweep(OLD);
    clock.advance(LEASE);

    assertThat(world.readyMemory.reclaimExpired("rescuer", 10, LEASE))
        .extracting(expired -> expired.attempt().job())
        .containsExactly(lost.id())
        .doesNotContain(young.id());
  }

  @Test
  void theSweepWaitsWhileJobsAreStillOnTheirWay() {
    Job onItsWay = world.stored(world.jobs.aQueuedJob());
    world.streamMemory.announce(List.of(onItsWay));
    clock.advance(OLD.plusSeconds(1));

    rebuild.sweep(OLD);

    assertThat(world.readyMemory.depth()).isEmpty();
  }

  @Test
  void theSweepDoesNotWaitForOtherQueues() {
    world.streamMemory.announce(List.of(world.stored(world.jobs.aJob().queue("busy").queued())));
    Job lost = world.stored(world.jobs.aQueuedJob());
    clock.advance(OLD.plusSeconds(1));

    rebuild.sweep(OLD);

    assertThat(taken()).containsExactly(lost.attemptId());
  }

  @Test
  void inAQueueThatIsNeverEmptyTheSweepPutsBackWhatWasAnnouncedBeforeWhatCameOut() {
    Job lost = world.stored(world.jobs.aQueuedJob());
    announced(3);
    clock.advance(OLD.plusSeconds(1));
    rebuild.sweep(OLD);
    announced(3);
    clock.advance(OLD.plusSeconds(1));
    world.streamMemory.poll(2);
    rebuild.sweep(OLD);
    assertThat(world.unknownToReady(lost)).isTrue();

    world.streamMemory.poll(2);
    rebuild.sweep(OLD);

    assertThat(world.unknownToReady(lost)).isFalse();
    assertThat(world.streamMemory.lag()).isEqualTo(2);
  }

  private void announced(int count) {
    for (int i = 0; i < count; i++) {
      world.streamMemory.announce(List.of(world.stored(world.jobs.aQueuedJob())));
    }
  }

  private List<io.quikqueue.domain.job.AttemptId> taken() {
    try {
      return world
          .readyMemory
          .take(TakeRequest.ofAllTypes("taker", List.of(), 1000, LEASE, Duration.ZERO))
          .stream()
          .map(message -> message.attemptId())
          .toList();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
