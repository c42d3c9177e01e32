package io.quikqueue.domain.usecase.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeleteEndedTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private long nanos;

  @Test
  void goesThroughAllPagesOfAQueue() {
    Job queued = world.stored(world.jobs.aQueuedJob());
    for (int i = 0; i < 1_200; i++) {
      world.stored(world.jobs.aJob(), JobState.DONE);
    }
    String queue = queued.spec().queue();

    DeleteEnded.Deleted deleted =
        new DeleteEnded(world.store.port(), clock, () -> nanos).ofQueue(CALLER, queue, null);

    assertThat(deleted).isEqualTo(new DeleteEnded.Deleted(1_200, null));
    assertThat(world.memory.all().getFirst().jobs()).containsOnlyKeys(JobState.QUEUED);
  }

  @Test
  void saysWhereToGoOnWhenItHasWorkedLongEnough() {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      jobs.add(world.stored(world.jobs.aJob(), JobState.DONE));
    }
    String queue = jobs.getFirst().spec().queue();
    DeleteEnded slow =
        new DeleteEnded(world.store.port(), clock, () -> nanos += Duration.ofSeconds(1).toNanos());

    DeleteEnded.Deleted first = slow.ofQueue(CALLER, queue, null);
    DeleteEnded.Deleted second = slow.ofQueue(CALLER, queue, first.next());

    assertThat(first.jobs() + second.jobs()).isEqualTo(700);
    assertThat(second.next()).isNull();
  }

  @Test
  void letsTheLineGoOnThatADeletedJobHeld() {
    Job head = world.stored(held());
    Job next = world.stored(held());
    Transition fails = head.fail(new Failure("no", true), 0, clock.instant());
    world.store.port().save(List.of(fails));

    DeleteEnded.Deleted deleted =
        new DeleteEnded(world.store.port(), clock, () -> nanos)
            .ofQueue(CALLER, head.spec().queue(), null);

    assertThat(deleted.jobs()).isEqualTo(1);
    assertThat(world.memory.find(List.of(head.id(), next.id())).values())
        .extracting(Job::id, Job::state)
        .containsExactly(tuple(next.id(), JobState.QUEUED));
  }

  private Job held() {
    return world
        .jobs
        .aJob()
        .with(it -> it.orderingKey("k").onFailedHead(OnFailedHead.HOLD))
        .queued();
  }
}
