package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptRecord;
import org.junit.jupiter.api.Test;

class FindTest {

  private final World world = new World(new SettableClock());
  private final Find find = new Find(world.store.port());

  @Test
  void aJobIsFoundAsItIsNow() {
    Job job = world.stored(world.jobs.aJob(), JobState.RETRYING);

    assertThat(find.find(job.id())).contains(job);
    assertThat(find.attempts(job.id()))
        .extracting(AttemptRecord::outcome)
        .containsExactly(AttemptRecord.Outcome.FAILED);
  }

  @Test
  void aJobThatIsNotThereIsNotFound() {
    world.stored(world.jobs.aQueuedJob());

    assertThat(find.find(world.jobs.anId())).isEmpty();
    assertThat(find.attempts(world.jobs.anId())).isEmpty();
  }
}
