package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.retry.Retry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients ask of a job: {@link Cancel} and {@link Retry}. */
class TransitionResultTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Cancel cancel = new Cancel(world.listened, clock);
  private final Retry retry = new Retry(world.listened, clock);

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RUNNING", "RETRYING"})
  void aJobThatIsNotOverCanBeCancelled(JobState state) {
    Job job = world.stored(world.jobs.aJob(), state);

    TransitionResult answer = cancel.cancel(CALLER, job.id());

    assertThat(answer).isEqualTo(new TransitionResult.Changed(world.found(job.id())));
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    assertThat(world.ended()).containsExactly(world.found(job.id()));
  }

  @ParameterizedTest
  @EnumSource(names = {"DONE", "FAILED", "CANCELLED", "EXPIRED"})
  void aJobThatIsOverCannotBeCancelled(JobState state) {
    Job job = world.stored(world.jobs.aJob(), state);

    assertThat(cancel.cancel(CALLER, job.id())).isEqualTo(new TransitionResult.NotAllowed(job));

    assertThat(world.found(job.id())).isEqualTo(job);
    assertThat(world.ended()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED", "EXPIRED"})
  void aJobThatEndedWithoutSuccessCanBeRetried(JobState state) {
    Job job = world.stored(world.jobs.aJob(), state);

    TransitionResult answer = retry.retry(CALLER, job.id());

    Job again = world.found(job.id());
    assertThat(answer).isEqualTo(new TransitionResult.Changed(again));
    assertThat(again.state()).isEqualTo(JobState.QUEUED);
    assertThat(again.attempt()).isEqualTo(job.attempt() + 1);
    assertThat(world.announced).containsExactly(again);
    assertThat(world.outboxed()).containsExactly(again);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RUNNING", "RETRYING", "DONE"})
  void anyOtherJobCannotBeRetried(JobState state) {
    Job job = world.stored(world.jobs.aJob(), state);

    assertThat(retry.retry(CALLER, job.id())).isEqualTo(new TransitionResult.NotAllowed(job));

    assertThat(world.found(job.id())).isEqualTo(job);
    assertThat(world.announced).isEmpty();
  }

  @Test
  void aJobThatIsNotThereIsUnknown() {
    assertThat(cancel.cancel(CALLER, world.jobs.anId())).isEqualTo(new TransitionResult.Unknown());
    assertThat(retry.retry(CALLER, world.jobs.anId())).isEqualTo(new TransitionResult.Unknown());
    assertThat(world.ended()).isEmpty();
    assertThat(world.announced).isEmpty();
  }

  @Test
  void aJobThatMovesOnMeanwhileIsCancelledAllTheSame() {
    Job job = world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1)));
    world.store.beforeNext("save", () -> world.saved(job.wake(clock.instant())));

    assertThat(cancel.cancel(CALLER, job.id())).isInstanceOf(TransitionResult.Changed.class);

    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    assertThat(world.ended()).containsExactly(world.found(job.id()));
  }

  @Test
  void aJobThatEndsMeanwhileStaysAsItEnded() {
    Job job = world.stored(world.jobs.aJob(), JobState.RUNNING);
    world.store.beforeNext("save", () -> world.saved(job.succeed("1", null, clock.instant())));

    assertThat(cancel.cancel(CALLER, job.id()))
        .isEqualTo(new TransitionResult.NotAllowed(world.found(job.id())));

    assertThat(world.state(job)).isEqualTo(JobState.DONE);
    assertThat(world.ended()).isEmpty();
  }

  @Test
  void aJobThatMovesOnAgainAndAgainIsGivenUp() {
    Policy patient = new Policy(99, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 1);
    Job job = world.stored(world.jobs.aJob().policy(patient).queued());
    AtomicInteger moves = new AtomicInteger();
    moveOnBeforeEachSave(job, moves);

    assertThatThrownBy(() -> cancel.cancel(CALLER, job.id()))
        .isInstanceOf(UnavailableException.class);

    assertThat(moves).hasValue(10);
    assertThat(world.ended()).isEmpty();
  }

  private void moveOnBeforeEachSave(Job job, AtomicInteger moves) {
    world.store.beforeNext(
        "save",
        () -> {
          moves.incrementAndGet();
          Job now = world.found(job.id());
          Verb verb = now.state() == JobState.QUEUED ? Verb.FAIL : Verb.WAKE;
          world.saved(Jobs.after(now, verb, clock.instant()));
          moveOnBeforeEachSave(job, moves);
        });
  }

  @Test
  void withoutTheStoreThereIsNoAnswer() {
    Job job = world.stored(world.jobs.aQueuedJob());
    world.store.down();

    assertThatThrownBy(() -> cancel.cancel(CALLER, job.id()))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> retry.retry(CALLER, job.id()))
        .isInstanceOf(UnavailableException.class);
    assertThat(List.of(world.changed, world.announced)).allMatch(List::isEmpty);
  }
}
