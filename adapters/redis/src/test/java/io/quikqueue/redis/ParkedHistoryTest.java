package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.InMemoryJobStream;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.StreamRecords;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ParkedJobs;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.usecase.dispatch.Dispatch;
import io.quikqueue.domain.usecase.dispatch.Park;
import io.quikqueue.domain.usecase.dispatch.Unpark;
import io.quikqueue.domain.usecase.rescue.RebuildReadyQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parked jobs in random histories: processes are killed between the steps, records are delivered
 * again, Redis is wiped, limits change. Every job is run to its end, without a sweep.
 */
final class ParkedHistoryTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final long ROOM = 400;

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore(clock);
  private final TestQueues queues = new TestQueues();
  private final RedisReadyQueue ready = queues.open();
  private final FragileParkedJobs parked = new FragileParkedJobs(store.parked());
  private final Unpark unpark = new Unpark(ready.windows(), parked, ready);
  private final List<StreamRecord> delivered = new ArrayList<>();
  private final RebuildReadyQueue rebuild =
      new RebuildReadyQueue(
              store,
              ready,
              ready,
              new InMemoryJobStream(),
              clock,
              1_000_000, // all that is not parked
              LEASE,
              Duration.ofMillis(1))
          .with(store.parked(), ready.windows());
  private LimitTable limits = LimitTable.EMPTY;
  private int ended;

  /** Dies before or after a step. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class FragileParkedJobs implements ParkedJobs {

    private final ParkedJobs jobs;
    private @Nullable Random killer;

    FragileParkedJobs(ParkedJobs jobs) {
      this.jobs = jobs;
    }

    private void mayDie() {
      Random random = killer;
      if (random != null && random.nextInt(6) == 0) {
        throw new Killed();
      }
    }

    @Override
    public void park(Collection<Envelope> attempts) {
      jobs.park(attempts); // a death after it is that of dispatch, which delivers again
    }

    @Override
    public List<Parked> first(GroupOfQueue group, int limit) {
      mayDie();
      return jobs.first(group, limit);
    }

    @Override
    public void remove(GroupOfQueue group, Collection<Parked> gone) {
      mayDie();
      jobs.remove(group, gone);
      mayDie();
    }

    @Override
    public List<GroupOfQueue> groups(@Nullable GroupOfQueue after, int limit) {
      return jobs.groups(after, limit);
    }
  }

  @AfterEach
  void close() {
    queues.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5})
  void everyJobEndsWhateverTheHistory(long seed) throws Exception {
    Random random = new Random(seed);
    JobIds ids = new JobIds(clock, new Random(seed));
    Park park = new Park(ready.windows(), parked, ROOM, System::nanoTime);
    Dispatch dispatch = new Dispatch(ready, park, ROOM, Meter.NONE);
    rebuild.rebuildIfBlank();
    limit(1);
    parked.killer = random;
    int submitted = 0;
    for (int step = 0; step < 100; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          List<Job> some =
              IntStream.range(0, 1 + random.nextInt(80)).mapToObj(_ -> job(ids, random)).toList();
          submitted += some.size();
          store.submit(some.stream().map(job -> new Submission(job, null)).toList());
          List<StreamRecord> batch = records(some);
          if (random.nextInt(4) == 0) { // parked, and then the consumer died
            store
                .parked()
                .park(some.stream().filter(job -> random.nextBoolean()).map(Envelope::of).toList());
          }
          dispatch.dispatch(batch);
          if (random.nextInt(4) == 0) {
            dispatch.dispatch(batch);
          }
        }
        case 3, 4 -> unpark();
        case 5 -> limit(random.nextInt(4));
        case 6 -> {
          if (random.nextInt(3) == 0) {
            queues.deleteKeys();
            rebuild.rebuildIfBlank();
          }
        }
        case 7 -> cancelOne(random);
        default -> work(1 + random.nextInt(30));
      }
    }
    parked.killer = null;
    limit(0);
    for (int round = 0; round < 500 && ended < submitted; round++) {
      unpark();
      work(500);
    }

    assertThat(ended).isEqualTo(submitted);
    assertThat(store.scan(JobState.QUEUED, null, 10)).isEmpty();
  }

  private void unpark() {
    try {
      boolean unused = unpark.unpark();
    } catch (Killed e) {
      assertThat(parked.killer).isNotNull();
    }
  }

  private void work(int most) throws InterruptedException {
    List<Job> taken =
        ready.take(TakeRequest.ofAllTypes("w", Set.of(), most, LEASE, Duration.ZERO).under(limits));
    for (Job job : taken) {
      if (store.current(List.of(job.attemptId())).contains(job.attemptId())) {
        ended += store.save(List.of(job.succeed("1", null, clock.instant()))).applied().size();
      }
      ready.ack(List.of(job.attemptId()));
    }
  }

  private void cancelOne(Random random) {
    List<Job> queued =
        store.parked().groups(null, 10).stream()
            .flatMap(group -> store.parked().first(group, 200).stream())
            .map(ParkedJobs.Parked::job)
            .filter(job -> job != null)
            .toList();
    if (!queued.isEmpty()) {
      Job job = queued.get(random.nextInt(queued.size()));
      ended += store.save(List.of(job.cancel(clock.instant()))).applied().size();
    }
  }

  private void limit(int running) {
    Limits ofQueue =
        running == 0 ? Limits.NONE : new Limits(null, running, null, null, null, null, Map.of());
    limits = new LimitTable(limits.version() + 1, Map.of("q", ofQueue), Map.of());
  }

  private List<StreamRecord> records(List<Job> jobs) {
    List<StreamRecord> batch = new ArrayList<>();
    for (Job job : jobs) {
      batch.add(StreamRecords.of(job, "p-0", delivered.size() + batch.size()));
    }
    delivered.addAll(batch);
    return batch;
  }

  private Job job(JobIds ids, Random random) {
    JobSpec spec =
        JobSpec.builder("t" + random.nextInt(2), "1")
            .queue("q")
            .priority(4 + random.nextInt(3))
            .group("g" + Math.max(0, random.nextInt(6) - 3))
            .build();
    return Job.submit(ids.next(), spec, null, false, clock.instant()).job();
  }
}
