package io.quikqueue.domain.usecase.prune;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruneTest {

  private static final Duration RETENTION = Duration.ofDays(7);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Prune prune =
      new Prune(world.store.port(), world.memory.workflows(), clock, RETENTION);

  @Test
  void jobsAreKeptForTheRetention() {
    Job done = world.stored(world.jobs.aJob(), JobState.DONE);
    Job queued = world.stored(world.jobs.aQueuedJob());
    clock.advance(RETENTION);
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.find(List.of(done.id()))).isNotEmpty();

    clock.advance(Duration.ofSeconds(1));
    assertThat(prune.prune()).isFalse();

    assertThat(world.memory.find(List.of(done.id(), queued.id()))).containsOnlyKeys(queued.id());
  }

  @Test
  void keysThatHaveExpiredAreDeletedInBatches() {
    List<Submission> batch = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      batch.add(new Submission(world.jobs.aQueuedJob(), Jobs.aKey("key-" + i, 1)));
    }
    world.memory.submit(batch);
    clock.advance(IdempotencyKey.DEFAULT_LIFE.minusMillis(1));
    assertThat(prune.prune()).isFalse();

    clock.advance(Duration.ofSeconds(1));

    assertThat(prune.prune()).isTrue();
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.pruneKeys(clock.instant(), 10)).isZero();
    assertThat(world.memory.all().getFirst().jobs()).containsEntry(JobState.QUEUED, 700L);
  }

  @Test
  void manyAreDeletedInBatches() {
    for (int i = 0; i < 700; i++) {
      world.stored(world.jobs.aJob(), JobState.DONE);
    }
    clock.advance(RETENTION.plusSeconds(1));

    assertThat(prune.prune()).isTrue();
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.all().getFirst().jobs()).isEmpty();
  }
}
