package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AwaitTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Await waits = new Await(world.store.port());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    waits.close();
    threads.shutdownNow();
  }

  @Test
  void aJobThatIsOverIsShownAtOnce() throws InterruptedException {
    Job done = world.stored(world.jobs.aJob(), JobState.DONE);

    assertThat(waits.await(done.id(), LONG)).contains(done);
  }

  @Test
  void aJobThatIsNotThereIsNotWaitedFor() throws InterruptedException {
    assertThat(waits.await(world.jobs.anId(), LONG)).isEmpty();
  }

  @Test
  void noWaitShowsTheJobAsItIs() throws InterruptedException {
    Job job = world.stored(world.jobs.aQueuedJob());

    assertThat(waits.await(job.id(), Duration.ZERO)).contains(job);
  }

  @Test
  void whenTheWaitIsOverTheJobIsShownAsItIs() throws InterruptedException {
    Job job = world.stored(world.jobs.aQueuedJob());

    assertThat(waits.await(job.id(), Duration.ofMillis(50))).contains(job);
  }

  @Test
  void theEndOfAJobIsNoticedWhoeverBroughtIt() throws InterruptedException, ExecutionException {
    List<Job> jobs = world.jobs.queuedJobs(600);
    jobs.forEach(world::stored);
    List<Future<Optional<Job>>> clients = new ArrayList<>();
    for (Job job : jobs) {
      clients.add(threads.submit(() -> waits.await(job.id(), LONG)));
      clients.add(threads.submit(() -> waits.await(job.id(), LONG)));
    }
    await().until(() -> world.store.calls("find") > 1200);

    jobs.forEach(job -> world.saved(job, job.cancel(clock.instant()).job()));

    for (Future<Optional<Job>> client : clients) {
      assertThat(client.get().orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void whoIsToldNeedNotAsk() throws InterruptedException, ExecutionException {
    Job job = world.stored(world.jobs.aQueuedJob());
    Future<Optional<Job>> client = threads.submit(() -> waits.await(job.id(), LONG));
    await().until(() -> world.store.calls("find") > 1);
    world.store.down();
    Job done = job.succeed("1", null, clock.instant()).job();

    await()
        .until(
            () -> {
              waits.accept(done);
              return client.isDone();
            });

    assertThat(client.get()).contains(done);
  }

  @Test
  void beingToldOfAJobThatIsNotOverEndsNoWait() throws InterruptedException {
    Job job = world.stored(world.jobs.aQueuedJob());
    Future<Optional<Job>> client = threads.submit(() -> waits.await(job.id(), LONG));
    await().until(() -> world.store.calls("find") > 1);

    waits.accept(Jobs.after(job, Verb.FAIL, clock.instant()).job());

    await()
        .during(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(2))
        .until(() -> !client.isDone());
  }

  @Test
  void theStoreMayBeAwayMeanwhile() throws InterruptedException, ExecutionException {
    Job job = world.stored(world.jobs.aQueuedJob());
    Future<Optional<Job>> client = threads.submit(() -> waits.await(job.id(), LONG));
    await().until(() -> world.store.calls("find") > 1);
    world.store.down();
    int calls = world.store.calls("find");
    await().until(() -> world.store.calls("find") > calls);
    world.store.up();
    world.saved(job, job.cancel(clock.instant()).job());

    assertThat(client.get().orElseThrow().state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void nobodyWaitingMeansNobodyAsking() throws InterruptedException {
    Job job = world.stored(world.jobs.aQueuedJob());
    waits.await(job.id(), Duration.ofMillis(100));
    int calls = world.store.calls("find");

    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(2))
        .until(() -> world.store.calls("find") <= calls + 1);
  }
}
