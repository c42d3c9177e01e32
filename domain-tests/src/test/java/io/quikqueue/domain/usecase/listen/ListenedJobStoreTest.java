package io.quikqueue.domain.usecase.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.JobFixture;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenedJobStoreTest {

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);

  @Test
  void newJobsThatAreReadyAreHeardOfAndOthersNot() {
    Job ready = world.jobs.aQueuedJob();
    Job later = world.jobs.aJob().in(JobState.SCHEDULED);

    world.listened.submit(List.of(new Submission(later, null), new Submission(ready, null)));

    assertThat(world.announced).containsExactly(ready);
    assertThat(world.changed).isEmpty();
  }

  @Test
  void aJobThatIsReplayedIsNotHeardOfAgain() {
    Job first = world.jobs.aQueuedJob();
    Job second = world.jobs.aQueuedJob();
    world.listened.submit(List.of(new Submission(first, Jobs.aKey("k", 1))));

    world.listened.submit(List.of(new Submission(second, Jobs.aKey("k", 1))));

    assertThat(world.announced).containsExactly(first);
  }

  @Test
  void aJobThatGetsAnotherPayloadIsAnnouncedWhenItIsReady() {
    Unique unique = new Unique(Unique.Within.QUEUE, "k", "0".repeat(64), Unique.UNTIL_ENDED, null);
    OnConflict replace = new OnConflict(OnConflict.Kind.REPLACE, null, null);
    JobFixture aJob = world.jobs.aJob().with(it -> it.unique(unique));
    Job first = world.stored(aJob.in(JobState.SCHEDULED));
    Job ready = world.jobs.aJob().with(it -> it.unique(unique)).payload("2").queued();
    Job later = world.jobs.aJob().with(it -> it.unique(unique)).payload("3").in(JobState.SCHEDULED);

    world.listened.submit(List.of(new Submission(ready, null, clock.instant(), replace)));
    assertThat(world.announced).containsExactly(world.found(first.id()));
    world.listened.submit(List.of(new Submission(later, null, clock.instant(), replace)));

    assertThat(world.announced).hasSize(1);
    assertThat(world.found(first.id()).spec().payload()).isEqualTo("3");
  }

  @Test
  void onlyTransitionsThatTookEffectAreHeardOf() {
    Job fresh = world.stored(world.jobs.aJob(), JobState.RETRYING);
    Job stale = world.stored(world.jobs.aJob(), JobState.RETRYING);
    world.saved(stale.cancel(clock.instant()));
    Transition wakes = fresh.wake(clock.instant());

    world.listened.save(List.of(stale.wake(clock.instant()), wakes));

    assertThat(world.changed).containsExactly(wakes);
    assertThat(world.announced).containsExactly(wakes.after());
  }

  @Test
  void whatMakesNothingReadyIsNotAnnounced() {
    Job running = world.stored(world.jobs.aJob(), JobState.RUNNING);

    world.listened.save(List.of(Jobs.after(running, Verb.RELEASE, clock.instant())));

    assertThat(world.changed).hasSize(1);
    assertThat(world.announced).isEmpty();
  }

  @Test
  void aCommitWhoseAnswerGotLostIsNotHeardOf() {
    Job job = world.jobs.aQueuedJob();
    world.store.loseAnswers(1);

    assertThatThrownBy(() -> world.listened.submit(List.of(new Submission(job, null))))
        .isInstanceOf(UnavailableException.class);

    assertThat(world.announced).isEmpty();
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);
  }
}
