package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.usecase.Caller;
import org.junit.jupiter.api.Test;

class FindTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final World world = new World(new SettableClock());
  private final Find find = new Find(world.store.port());

  @Test
  void aJobIsFoundAsItIsNow() {
    Job job = world.stored(world.jobs.aJob(), JobState.RETRYING);

    assertThat(find.find(CALLER, job.id())).contains(job);
    assertThat(find.attempts(CALLER, job.id()))
        .extracting(AttemptRecord::outcome)
        .containsExactly(AttemptRecord.Outcome.FAILED);
  }

  @Test
  void aJobThatIsNotThereIsNotFound() {
    world.stored(world.jobs.aQueuedJob());

    assertThat(find.find(CALLER, world.jobs.anId())).isEmpty();
    assertThat(find.attempts(CALLER, world.jobs.anId())).isEmpty();
  }
}
