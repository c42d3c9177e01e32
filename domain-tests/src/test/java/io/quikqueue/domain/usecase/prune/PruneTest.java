package io.quikqueue.domain.usecase.prune;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.limit.Retention.Keep;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PruneTest {

  private static final Duration RETENTION = Duration.ofDays(7);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private Limits limits = Limits.NONE;
  private final Prune prune =
      new Prune(
          world.store.port(),
          world.memory.workflows(),
          world.memory,
          () -> new LimitTable(1, Map.of("q", limits), Map.of()),
          clock,
          RETENTION);

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

  @Test
  void aQueueKeepsItsJobsForATimeOfItsOwnByState() {
    limits =
        Limits.of(
            new Retention(
                Map.of(
                    JobState.DONE, new Keep(Duration.ofHours(1), null),
                    JobState.FAILED, new Keep(Duration.ofDays(30), null))));
    Job done = world.stored(world.jobs.aJob().queue("q"), JobState.DONE);
    Job failed = world.stored(world.jobs.aJob().queue("q"), JobState.FAILED);
    Job cancelled = world.stored(world.jobs.aJob().queue("q"), JobState.CANCELLED);
    Job waiting = world.stored(world.jobs.aJob().queue("q"), JobState.QUEUED);
    Job other = world.stored(world.jobs.aJob().queue("other"), JobState.DONE);
    List<JobId> ids = Stream.of(done, failed, cancelled, waiting, other).map(Job::id).toList();
    clock.advance(Duration.ofHours(1));
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.find(ids)).hasSize(5);

    clock.advance(Duration.ofSeconds(1));
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.find(ids)).hasSize(4).doesNotContainKey(done.id());

    clock.advance(RETENTION);
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.find(ids)).containsOnlyKeys(failed.id(), waiting.id());

    clock.advance(Duration.ofDays(24));
    assertThat(prune.prune()).isFalse();
    assertThat(world.memory.find(ids)).containsOnlyKeys(waiting.id());
  }

  @Test
  void aQueueKeepsOnlyTheLastJobsOfAState() {
    limits = Limits.of(new Retention(Map.of(JobState.DONE, new Keep(null, 2))));
    List<JobId> done = new ArrayList<>();
    for (int i = 0; i < 1_203; i++) {
      done.add(world.stored(world.jobs.aJob().queue("q"), JobState.DONE).id());
    }
    world.stored(world.jobs.aJob().queue("q"), JobState.FAILED);
    clock.advance(Duration.ofSeconds(1));

    while (prune.prune()) {
      assertThat(world.memory.find("q").orElseThrow().jobs().get(JobState.DONE)).isPositive();
    }

    assertThat(world.memory.find(done)).containsOnlyKeys(done.subList(1_201, 1_203));
    assertThat(world.memory.find("q").orElseThrow().jobs()).containsEntry(JobState.FAILED, 1L);
  }

  @Test
  void whatEndedLateIsDeletedWithinAnHour() {
    limits = Limits.of(new Retention(Map.of(JobState.DONE, new Keep(Duration.ofMinutes(1), null))));
    Job late = world.stored(world.jobs.aJob().queue("q"), JobState.QUEUED);
    Job soon = world.stored(world.jobs.aJob().queue("q"), JobState.DONE);
    clock.advance(Duration.ofMinutes(2));
    prune.prune();
    assertThat(world.memory.find(List.of(soon.id()))).isEmpty();
    world.memory.save(List.of(late.succeed("1", null, clock.instant())));
    clock.advance(Duration.ofHours(1));

    prune.prune();

    assertThat(world.memory.find(List.of(late.id()))).isEmpty();
  }

  @Test
  void nodesOfWorkflowsTakeNoPlacesFromTheJobsThatAreKept() {
    limits = Limits.of(new Retention(Map.of(JobState.DONE, new Keep(null, 2))));
    NodeRef node = new NodeRef(new WorkflowId(world.jobs.anId()), 0, false);
    Job first = world.stored(world.jobs.aJob().queue("q"), JobState.DONE);
    List<Job> kept = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      kept.add(world.stored(world.jobs.aJob().queue("q"), JobState.DONE));
      for (int nodes = 0; nodes < 3; nodes++) {
        kept.add(
            world.stored(world.jobs.aJob().queue("q").with(it -> it.node(node)), JobState.DONE));
      }
    }
    clock.advance(Duration.ofSeconds(1));

    while (prune.prune()) {}

    assertThat(world.memory.find(kept.stream().map(Job::id).toList())).hasSize(8);
    assertThat(world.memory.find(List.of(first.id()))).isEmpty();
  }

  @Test
  void noJobIsDeletedInPlaceOfAnOlderOneThatEndedLate() {
    limits = Limits.of(new Retention(Map.of(JobState.DONE, new Keep(null, 2))));
    Job late = world.stored(world.jobs.aJob().queue("q"), JobState.QUEUED);
    List<JobId> done = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      done.add(world.stored(world.jobs.aJob().queue("q"), JobState.DONE).id());
    }
    clock.advance(Duration.ofSeconds(1));
    while (prune.prune()) {}
    assertThat(world.memory.find(done)).containsOnlyKeys(done.subList(1, 3));

    world.memory.save(List.of(late.succeed("1", null, clock.instant())));
    done.add(world.stored(world.jobs.aJob().queue("q"), JobState.DONE).id());
    clock.advance(Duration.ofMinutes(1));
    while (prune.prune()) {}
    assertThat(world.memory.find(done)).containsOnlyKeys(done.subList(2, 4));

    clock.advance(Duration.ofHours(1));
    while (prune.prune()) {}
    assertThat(world.memory.find(List.of(late.id()))).isEmpty();
    assertThat(world.memory.find(done)).containsOnlyKeys(done.subList(2, 4));
  }
}
