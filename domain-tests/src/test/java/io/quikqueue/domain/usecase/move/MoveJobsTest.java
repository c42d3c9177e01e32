package io.quikqueue.domain.usecase.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MoveJobsTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Move FIRST = new Move(0, "first");

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final MoveJobs move =
      new MoveJobs(world.listened, world.ready.port(), clock, UnaryOperator.identity(), "here");

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobThatWaitsIsMoved(JobState state) {
    Job job = world.stored(world.jobs.aJob(), state);

    TransitionResult answer = move.move(CALLER, job.id(), FIRST);

    Job now = world.found(job.id());
    assertThat(answer).isEqualTo(new TransitionResult.Changed(now));
    assertThat(now.state()).isEqualTo(state);
    assertThat(now.spec().queue()).isEqualTo("first");
    assertThat(world.announced).isEqualTo(state == JobState.QUEUED ? List.of(now) : List.of());
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "DONE", "FAILED", "CANCELLED", "EXPIRED"})
  void anyOtherIsNot(JobState state) {
    Job job = world.stored(world.jobs.aJob(), state);

    assertThat(move.move(CALLER, job.id(), FIRST)).isEqualTo(new TransitionResult.NotAllowed(job));
    assertThat(world.found(job.id())).isEqualTo(job);
  }

  @Test
  void aJobThatAWorkerHasIsLeftToItThoughItIsNotMarkedRunning() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    List<Job> taken = take(job.spec().queue());

    assertThat(move.move(CALLER, job.id(), FIRST)).isInstanceOf(TransitionResult.Bound.class);

    assertThat(world.found(job.id())).isEqualTo(job);
    assertThat(world.readyMemory.extend("worker", taken.stream().map(Envelope::of).toList(), LEASE))
        .isEmpty();
  }

  @Test
  void noWorkerGetsAJobThatIsBeingMoved() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    world.store.beforeNext(
        "save",
        () -> {
          world.readyMemory.push(List.of(job));
          assertThat(takeQuietly(job.spec().queue())).isEmpty();
        });

    assertThat(move.move(CALLER, job.id(), FIRST)).isInstanceOf(TransitionResult.Changed.class);

    world.readyMemory.push(List.of(job));
    assertThat(take(job.spec().queue())).isEmpty();
    world.readyMemory.push(List.of(world.found(job.id())));
    assertThat(take("first")).containsExactly(world.found(job.id()));
  }

  @Test
  void aJobThatCouldNotBeMovedRunsAsItIs() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    world.ready.afterNext("extend", world.store::down);

    assertThatThrownBy(() -> move.move(CALLER, job.id(), FIRST))
        .isInstanceOf(UnavailableException.class);

    assertThat(take(job.spec().queue())).containsExactly(job);
  }

  @Test
  void whatIsDoneStaysDoneWhenTheReadyQueueDoesNotHearOfIt() {
    Job job = world.readied(world.jobs.aQueuedJob());
    world.ready.afterNext("extend", world.ready::down);

    assertThat(move.move(CALLER, job.id(), FIRST)).isInstanceOf(TransitionResult.Changed.class);
  }

  @Test
  void withoutTheReadyQueueOnlyAJobIsMovedThatIsNotReady() {
    Job queued = world.readied(world.jobs.aQueuedJob());
    Job scheduled = world.stored(world.jobs.aJob(), JobState.SCHEDULED);
    world.ready.down();

    assertThatThrownBy(() -> move.move(CALLER, queued.id(), FIRST))
        .isInstanceOf(UnavailableException.class);
    assertThat(world.found(queued.id())).isEqualTo(queued);
    assertThat(move.move(CALLER, scheduled.id(), FIRST))
        .isInstanceOf(TransitionResult.Changed.class);
  }

  @Test
  void aJobThatIsThereAlreadyStaysAsItIs() {
    Job job = world.stored(world.jobs.aQueuedJob());
    Move same = new Move(job.spec().priority(), job.spec().queue());

    assertThat(move.move(CALLER, job.id(), same)).isEqualTo(new TransitionResult.Changed(job));
    assertThat(move.move(CALLER, world.jobs.anId(), same))
        .isEqualTo(new TransitionResult.Unknown());
  }

  @Test
  void aJobThatMovesOnMeanwhileIsMovedAllTheSame() {
    Job job = world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1)));
    world.store.beforeNext("save", () -> world.saved(job.wake(clock.instant())));

    assertThat(move.move(CALLER, job.id(), FIRST)).isInstanceOf(TransitionResult.Changed.class);

    assertThat(world.found(job.id()).state()).isEqualTo(JobState.QUEUED);
    assertThat(world.found(job.id()).spec().queue()).isEqualTo("first");
  }

  private List<Job> take(String queue) throws InterruptedException {
    return world.readyMemory.take(
        TakeRequest.ofAllTypes("worker", List.of(queue), 10, LEASE, Duration.ZERO));
  }

  private List<Job> takeQuietly(String queue) {
    try {
      return take(queue);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
