package io.quikqueue.domain.usecase.rescue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.move.MoveJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RescueTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final RecordCrash recordCrash = new RecordCrash(world.listened, clock, world.meter);
  private final ReclaimExpiredLeases reclaim =
      new ReclaimExpiredLeases(
          world.ready.port(), world.store.port(), recordCrash, "rescuer", LEASE);

  @Test
  void aLeaseThatIsRenewedIsLeftAlone() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    List<Job> taken = take("worker");
    clock.advance(LEASE.minusMillis(1));
    world.readyMemory.extend("worker", taken.stream().map(Envelope::of).toList(), LEASE);
    clock.advance(LEASE.minusMillis(1));

    assertThat(reclaim.reclaim()).isFalse();

    assertThat(world.found(job.id())).isEqualTo(job);
  }

  @Test
  void anAttemptWhoseWorkerVanishedIsFollowedByTheNext() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    take("worker");
    clock.advance(LEASE);

    assertThat(reclaim.reclaim()).isTrue();
    assertThat(reclaim.reclaim()).isFalse();

    Job second = world.found(job.id());
    assertThat(second.state()).isEqualTo(JobState.QUEUED);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.crashes()).isEqualTo(1);
    assertThat(second.failures()).isZero();
    assertThat(world.announced).containsExactly(second);
    assertThat(world.memory.attempts(job.id()))
        .extracting(AttemptRecord::outcome)
        .containsExactly(AttemptRecord.Outcome.CRASHED);
    assertThat(world.meter.count("rescued")).isEqualTo(1);
    assertThat(world.ended()).isEmpty();
    clock.advance(LEASE);
    assertThat(world.readyMemory.reclaimExpired("other", 10, LEASE)).isEmpty();
  }

  @Test
  void aCrashNamesTheWorkerThatHadTheLease() throws InterruptedException {
    Job unmarked = world.readied(world.jobs.aQueuedJob());
    assertThat(take("worker-7")).hasSize(1);
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.memory.attempts(unmarked.id()))
        .extracting(AttemptRecord::worker)
        .containsExactly("worker-7");
  }

  @Test
  void aRescuerIsNoWorker() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    assertThat(take("worker-7")).hasSize(1);
    clock.advance(LEASE);
    world.store.down();
    assertThatThrownBy(reclaim::reclaim).isInstanceOf(UnavailableException.class);
    world.store.up();
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.memory.attempts(job.id()))
        .singleElement()
        .satisfies(
            attempt -> {
              assertThat(attempt.outcome()).isEqualTo(AttemptRecord.Outcome.CRASHED);
              assertThat(attempt.worker()).isNull();
            });
  }

  @Test
  void aJobThatCrashedBeforeAndOnlyWaitedToStartCountsNoCrash() throws InterruptedException {
    Job crashed = world.readied(world.jobs.aQueuedJob().rescue(clock.instant()).after());
    assertThat(take("worker")).hasSize(1);
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(crashed.id())).isEqualTo(crashed);
    assertThat(take("other")).hasSize(1);
  }

  @Test
  void aJobWhoseMoveWasCutOffIsReadyAgainAndCountsNoCrash() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    MoveJobs move =
        new MoveJobs(world.listened, world.ready.port(), clock, UnaryOperator.identity(), "gone");
    world.ready.afterNext(
        "extend",
        () -> {
          world.store.down();
          world.ready.down();
        });
    assertThatThrownBy(() -> move.move(List.of(job), new Move(0, null)))
        .isInstanceOf(UnavailableException.class);
    world.store.up();
    world.ready.up();
    assertThat(take("worker")).isEmpty();
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(job.id())).isEqualTo(job);
    assertThat(take("worker")).containsExactly(job);
  }

  @Test
  void aJobThatKeepsKillingWorkersFailsOnceItWasAlone() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    for (int crash = 1; crash <= 4; crash++) {
      assertThat(take("worker-" + crash)).hasSize(1);
      Job taken = world.found(job.id());
      assertThat(taken.state()).isEqualTo(JobState.QUEUED);
      Instant now = clock.instant();
      world.saved((crash < 4 ? taken.start(now) : taken.startAlone(now)));
      clock.advance(LEASE);
      reclaim.reclaim();
      if (crash < 4) {
        world.pushed(world.found(job.id()));
      }
    }

    Job failed = world.found(job.id());
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.crashes()).isEqualTo(4);
    assertThat(world.ended()).containsExactly(failed);
    assertThat(world.announced).hasSize(3);
    assertThat(world.meter.count("rescued")).isEqualTo(4);
  }

  @Test
  void anExpiredAttemptOfAJobThatHasMovedOnIsForgotten() throws InterruptedException {
    Job cancelled = world.readied(world.jobs.aQueuedJob());
    Job retried = world.readied(world.jobs.aQueuedJob());
    Job pruned = world.jobs.aQueuedJob();
    world.pushed(pruned);
    assertThat(take("worker")).hasSize(3);
    world.saved(cancelled.cancel(clock.instant()));
    Job second = world.saved(retried.rescue(clock.instant()));
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(retried.id())).isEqualTo(second);
    assertThat(world.state(cancelled)).isEqualTo(JobState.CANCELLED);
    assertThat(world.announced).isEmpty();
    assertThat(world.meter.count("rescued")).isZero();
    clock.advance(LEASE);
    assertThat(world.readyMemory.reclaimExpired("other", 10, LEASE)).isEmpty();
  }

  @Test
  void anAttemptThatWasHandedBackUnheardRunsAgainAsItIs() throws InterruptedException {
    Job queued = world.readied(world.jobs.aQueuedJob());
    Job running = world.readied(world.jobs.aQueuedJob());
    assertThat(take("worker")).hasSize(2);
    running = world.saved(running.start(clock.instant()));
    clock.advance(Duration.ofSeconds(1));
    queued = world.saved(queued.release(clock.instant()));
    running = world.saved(running.release(clock.instant()));
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(queued.id())).isEqualTo(queued);
    assertThat(world.found(running.id())).isEqualTo(running);
    assertThat(world.meter.count("rescued")).isZero();
    assertThat(take("other"))
        .extracting(Job::attemptId)
        .containsExactlyInAnyOrder(queued.attemptId(), running.attemptId());
    clock.advance(LEASE);
    reclaim.reclaim();
    assertThat(world.found(queued.id()).crashes()).isEqualTo(1);
    assertThat(world.found(running.id()).crashes()).isEqualTo(1);
  }

  /** All that the ready queue has of it is its envelope. */
  @Test
  void anAttemptRenewedAfterAWipeAndHandedBackUnheardRunsAgainAsItIs() throws InterruptedException {
    Job queued = world.readied(world.jobs.aQueuedJob());
    List<Job> taken = take("worker");
    world.readyMemory.wipe();
    world.readyMemory.extend("worker", taken.stream().map(Envelope::of).toList(), LEASE);
    clock.advance(Duration.ofSeconds(1));
    Job back = world.saved(queued.release(clock.instant()));
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(queued.id())).isEqualTo(back);
    assertThat(take("other")).containsExactly(back);
  }

  @Test
  void anAttemptHandedBackWhileTheReadyQueueIsRebuiltRunsAgainAsItIs() throws InterruptedException {
    Job running = world.stored(world.jobs.aJob(), JobState.RUNNING);
    new RebuildReadyQueue(
            world.memory,
            world.readyMemory,
            world.readyMemory,
            world.streamMemory,
            clock,
            100,
            LEASE,
            LEASE)
        .rebuildIfBlank();
    clock.advance(Duration.ofSeconds(1));
    Job back = world.saved(running.release(clock.instant()));
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(back.id())).isEqualTo(back);
    assertThat(take("other"))
        .extracting(message -> message.attemptId())
        .containsExactly(back.attemptId());
  }

  @Test
  void withoutTheStoreTheLeaseExpiresAgain() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    take("worker");
    clock.advance(LEASE);
    world.store.down();
    assertThatThrownBy(reclaim::reclaim).isInstanceOf(UnavailableException.class);
    assertThat(world.announced).isEmpty();

    world.store.up();
    assertThat(reclaim.reclaim()).isFalse();
    assertThat(world.found(job.id()).attempt()).isEqualTo(1);
    clock.advance(LEASE);
    reclaim.reclaim();

    assertThat(world.found(job.id()).attempt()).isEqualTo(2);
    assertThat(world.found(job.id()).crashes()).isEqualTo(1);
  }

  @Test
  void aCrashIsCountedOnceWhenTheAnswerGetsLost() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    take("worker");
    clock.advance(LEASE);
    world.store.beforeNext("save", () -> world.store.loseAnswers(1));
    assertThatThrownBy(reclaim::reclaim).isInstanceOf(UnavailableException.class);
    clock.advance(LEASE);

    reclaim.reclaim();

    assertThat(world.found(job.id()).crashes()).isEqualTo(1);
    assertThat(world.outboxed()).extracting(Job::attempt).containsExactly(2);
  }

  @Test
  void manyAreRescuedInBatches() throws InterruptedException {
    List<Job> jobs = world.jobs.queuedJobs(250);
    jobs.forEach(world::readied);
    assertThat(take("worker")).hasSize(250);
    clock.advance(LEASE);

    assertThat(reclaim.reclaim()).isTrue();
    assertThat(world.announced).hasSize(200);
    assertThat(reclaim.reclaim()).isTrue();
    assertThat(reclaim.reclaim()).isFalse();

    assertThat(world.announced).hasSize(250);
  }

  @Test
  void whatAProcessLeftRunningIsRescuedByTheNext() {
    List<Job> running = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      running.add(world.stored(world.jobs.aJob(), JobState.RUNNING));
    }
    Job queued = world.stored(world.jobs.aQueuedJob());
    Job done = world.stored(world.jobs.aJob(), JobState.DONE);

    new RescueAbandoned(world.memory, world.readyMemory, recordCrash, LEASE).rescue();

    assertThat(world.memory.scan(JobState.RUNNING, null, 10)).isEmpty();
    assertThat(running).allMatch(job -> world.found(job.id()).attempt() == 2);
    assertThat(world.found(queued.id())).isEqualTo(queued);
    assertThat(world.found(done.id())).isEqualTo(done);
    assertThat(world.announced).hasSize(700);
  }

  @Test
  void whatAWorkerOutsideHasLeasedIsLeftToItUntilItIsSilentForALease() {
    Job queued = world.stored(world.jobs.aQueuedJob());
    Job running = world.saved(queued.start(clock.instant()).by("pull:w"));
    RescueAbandoned abandoned =
        new RescueAbandoned(world.memory, world.readyMemory, recordCrash, LEASE);

    abandoned.rescue();
    assertThat(world.found(queued.id())).isEqualTo(running);
    assertThat(reclaim.reclaim()).isFalse();

    clock.advance(LEASE);
    reclaim.reclaim();
    assertThat(world.found(queued.id()).attempt()).isEqualTo(2);
  }

  private List<Job> take(String worker) throws InterruptedException {
    return world.readyMemory.take(
        TakeRequest.ofAllTypes(worker, List.of(), 1000, LEASE, Duration.ZERO));
  }
}
