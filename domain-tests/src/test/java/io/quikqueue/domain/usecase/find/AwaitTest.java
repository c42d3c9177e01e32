package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(900)
class AwaitTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Await waits = new Await(world.store.port());

  @AfterEach
  void close() {
    waits.close();
  }

  @Test
  void aJobThatWasOverBeforeIsNoticed() throws InterruptedException, ExecutionException {
    Job done = world.stored(world.jobs.aJob(), JobState.DONE);

    assertThat(waits.begin(CALLER, done.id()).get()).isEmpty();
  }

  @Test
  void theEndOfAJobIsNoticedWhoeverBroughtIt() throws InterruptedException, ExecutionException {
    List<Job> jobs = world.jobs.queuedJobs(2500);
    jobs.forEach(world::stored);
    List<CompletableFuture<Optional<Job>>> begun = new ArrayList<>();
    for (Job job : jobs) {
      begun.add(waits.begin(CALLER, job.id()));
      begun.add(waits.begin(CALLER, job.id()));
    }
    await().until(() -> world.store.calls("states") > 3);
    assertThat(begun).noneMatch(CompletableFuture::isDone);

    jobs.forEach(job -> world.saved(job.cancel(clock.instant())));

    for (CompletableFuture<Optional<Job>> wait : begun) {
      wait.get();
    }
    assertThat(world.store.calls("find")).isZero();
  }

  @Test
  void whoIsToldNeedNotAsk() throws InterruptedException, ExecutionException {
    Job job = world.stored(world.jobs.aQueuedJob());
    CompletableFuture<Optional<Job>> first = waits.begin(CALLER, job.id());
    CompletableFuture<Optional<Job>> second = waits.begin(CALLER, job.id());
    world.store.down();
    Transition done = job.succeed("1", null, clock.instant());

    waits.changed(List.of(done));

    assertThat(first.get()).contains(done.after());
    assertThat(second.get()).contains(done.after());
  }

  @Test
  void aLargeJobIsNotHandedOver() throws InterruptedException, ExecutionException {
    Job job = world.stored(world.jobs.aQueuedJob());
    CompletableFuture<Optional<Job>> wait = waits.begin(CALLER, job.id());

    waits.changed(List.of(job.succeed('"' + "é".repeat(100_000) + '"', null, clock.instant())));

    assertThat(wait.get()).isEmpty();
  }

  @Test
  void beingToldOfAJobThatIsNotOverEndsNoWait() {
    Job job = world.stored(world.jobs.aQueuedJob());
    CompletableFuture<Optional<Job>> wait = waits.begin(CALLER, job.id());

    waits.changed(List.of(Jobs.after(job, Verb.FAIL, clock.instant())));

    await()
        .during(Duration.ofMillis(200))
        .atMost(Duration.ofMinutes(1))
        .until(() -> !wait.isDone());
  }

  @Test
  void theStoreMayBeAwayMeanwhile() throws InterruptedException, ExecutionException {
    Job job = world.stored(world.jobs.aQueuedJob());
    world.store.down();
    CompletableFuture<Optional<Job>> wait = waits.begin(CALLER, job.id());
    await().until(() -> world.store.calls("states") > 1);
    assertThat(wait).isNotDone();
    world.store.up();
    world.saved(job.cancel(clock.instant()));

    assertThat(wait.get()).isEmpty();
  }

  @Test
  void whoHasLeftIsNotAskedFor() {
    Job job = world.stored(world.jobs.aQueuedJob());
    CompletableFuture<Optional<Job>> first = waits.begin(CALLER, job.id());
    CompletableFuture<Optional<Job>> second = waits.begin(CALLER, job.id());
    first.cancel(false);
    int before = world.store.calls("states");
    await().until(() -> world.store.calls("states") > before);
    second.cancel(false);
    int calls = world.store.calls("states");

    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofMinutes(1))
        .until(() -> world.store.calls("states") <= calls + 1);
  }

  @Test
  void closingEndsAllWaits() throws InterruptedException, ExecutionException {
    Job job = world.stored(world.jobs.aQueuedJob());
    CompletableFuture<Optional<Job>> before = waits.begin(CALLER, job.id());

    waits.close();

    assertThat(before.get()).isEmpty();
    assertThat(waits.begin(CALLER, job.id()).get()).isEmpty();
  }
}
