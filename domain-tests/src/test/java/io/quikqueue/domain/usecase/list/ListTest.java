package io.quikqueue.domain.usecase.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.list.ListQueues.QueueView;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private static final long SECOND = 1_000_000_000L;

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private long nanos = Long.MAX_VALUE - SECOND;
  private final PausesInForce pauses = new PausesInForce(world.memory, () -> nanos);
  private final InMemoryLimits limits = new InMemoryLimits();
  private final ListQueues queues =
      new ListQueues(world.memory, pauses, new LimitsInForce(limits, () -> nanos), () -> nanos);

  @Test
  void jobsAreListedPageByPage() {
    List<Job> jobs = world.jobs.queuedJobs(3);
    jobs.forEach(world::stored);
    ListJobs list = new ListJobs(world.store.port());

    JobPage first = list.list(CALLER, new JobQuery(null, null, null, Map.of(), null, 2));
    JobPage second = list.list(CALLER, new JobQuery(null, null, null, Map.of(), first.next(), 2));

    assertThat(first.jobs()).containsExactly(jobs.get(2).summary(), jobs.get(1).summary());
    assertThat(second.jobs()).containsExactly(jobs.getFirst().summary());
    assertThat(second.next()).isNull();
  }

  @Test
  void aQueueThatNeverHadAJobIsNotThere() {
    assertThat(queues.all(CALLER)).isEmpty();
    assertThat(queues.find(CALLER, "default")).isEmpty();
  }

  @Test
  void aQueueShowsItsLimits() {
    submit(1);
    assertThat(view().limits()).isEqualTo(Limits.NONE);
    Limits ten = new Limits(10, null, null, null, null, null, Map.of());
    limits.put(LimitKey.queue("default"), ten, "ops", clock.instant(), Precondition.NONE);
    nanos += SECOND;

    assertThat(view().limits()).isEqualTo(ten);
  }

  @Test
  void ratesAreUnknownUntilASecondHasPassed() {
    submit(10);
    assertThat(view().inPerSecond()).isNull();
    submit(10);
    nanos += SECOND - 1;
    assertThat(view().inPerSecond()).isNull();
    assertThat(view().outPerSecond()).isNull();

    nanos += 1;
    assertThat(view().inPerSecond()).isEqualTo(10.0);
    assertThat(view().outPerSecond()).isZero();
  }

  @Test
  void ratesAreOfTheLastMinute() {
    for (int second = 0; second < 120; second++) {
      submit(second < 60 ? 100 : 5);
      view();
      nanos += SECOND;
    }
    assertThat(view().inPerSecond()).isCloseTo(5.0, within(1.7));
  }

  @Test
  void jobsThatEndGoOut() {
    submit(4);
    view();
    world
        .memory
        .backlog("default", Set.of(), null, 10)
        .forEach(job -> world.saved(job.cancel(clock.instant())));
    nanos += 2 * SECOND;

    assertThat(view().outPerSecond()).isEqualTo(2.0);
    assertThat(view().figures().finished()).isEqualTo(4);
  }

  @Test
  void noneGoesOutWhileJobsAreRetriedByHand() {
    submit(2);
    List<Job> cancelled =
        world.memory.backlog("default", Set.of(), null, 10).stream()
            .map(job -> world.saved(job.cancel(clock.instant())))
            .toList();
    view();
    cancelled.forEach(job -> world.saved(job.retry(clock.instant())));
    nanos += 2 * SECOND;

    assertThat(view().outPerSecond()).isZero();
    assertThat(view().figures().finished()).isZero();
    assertThat(view().figures().submitted()).isEqualTo(2);
  }

  private QueueView view() {
    QueueView one = queues.find(CALLER, "default").orElseThrow();
    assertThat(queues.all(CALLER)).extracting(QueueView::figures).containsExactly(one.figures());
    return one;
  }

  private void submit(int count) {
    for (int i = 0; i < count; i++) {
      world.stored(world.jobs.aQueuedJob());
    }
  }
}
