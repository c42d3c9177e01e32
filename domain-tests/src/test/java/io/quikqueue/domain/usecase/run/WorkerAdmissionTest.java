package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Jobs that do not start at once, not unmarked, or not at all. */
class WorkerAdmissionTest extends WorkerFixture {

  @Test
  void aJobWhoseDeadlineHasPassedIsNotStarted() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().minusSeconds(1)).queued());
    worker(4);

    Job expired = awaitState(job, JobState.EXPIRED);

    assertThat(started.getCount()).isEqualTo(1);
    await().until(() -> world.ended().equals(List.of(expired)));
    awaitNothingLeased();
  }

  @Test
  void aJobThatMayHaveEndedAWorkerIsMarkedBeforeItStarts() {
    AtomicReference<JobState> seen = new AtomicReference<>();
    handlers.put(
        "echo",
        run -> {
          seen.set(world.state(run.job()));
          return new Result(null, null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4, Set.of(), _ -> true);

    awaitState(job, JobState.DONE);

    assertThat(seen).hasValue(JobState.RUNNING);
  }

  @Test
  void suspectsStartOneAtATime() throws InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    Set<Job> begun = ConcurrentHashMap.newKeySet();
    handlers.put(
        "echo",
        run -> {
          begun.add(run.job());
          first.await();
          return new Result(null, null);
        });
    List<Job> suspects = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Job crashedTwice = world.jobs.aQueuedJob();
      for (int crash = 0; crash < 2; crash++) {
        crashedTwice = crashedTwice.rescue(clock.instant()).after();
      }
      suspects.add(world.readied(crashedTwice));
    }
    Job innocent = world.readied(world.jobs.aQueuedJob());
    worker(4, Set.of(), CrashQuarantine::startsMarked);

    await().until(() -> begun.contains(innocent) && begun.size() == 2);
    await().during(Duration.ofMillis(300)).until(() -> begun.size() == 2);
    first.countDown();

    suspects.forEach(job -> awaitState(job, JobState.DONE));
  }

  @Test
  void jobsThatWaitForOneAnotherLetOthersPass() throws InterruptedException {
    lease = LASTING_LEASE;
    handlers.put(
        "echo",
        run ->
            CrashQuarantine.onFinalCrashBudget(run.job())
                ? waitForTheEnd(run)
                : new Result(null, null));
    List<Job> suspects = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Job crashed = world.jobs.aQueuedJob();
      for (int crash = 0; crash < 2; crash++) {
        crashed = crashed.rescue(clock.instant()).after();
      }
      suspects.add(world.readied(crashed));
    }
    List<Job> innocent = world.jobs.queuedJobs(30);
    innocent.forEach(world::readied);
    Worker worker = worker(10, Set.of(), CrashQuarantine::startsMarked);

    innocent.forEach(job -> awaitState(job, JobState.DONE));
    // One that is done keeps its slot for a moment.
    await().until(() -> worker.busy() >= 1 && worker.busy() <= 8);
    await()
        .during(lease.plusMillis(100))
        .until(() -> world.readyMemory.depth().equals(Map.of("default", 0L)));
    assertThat(world.readyMemory.reclaimExpired("rescuer", 10, LEASE)).isEmpty();
    worker.drain(Duration.ZERO);

    assertThat(world.readyMemory.depth()).containsEntry("default", 9L);
    suspects.forEach(job -> assertThat(world.found(job.id()).crashes()).isEqualTo(2));
  }

  @Test
  void jobsThatCouldExpireAreMarkedBeforeTheyStart() {
    Set<JobState> seen = ConcurrentHashMap.newKeySet();
    handlers.put(
        "echo",
        run -> {
          seen.add(world.state(run.job()));
          return new Result(null, null);
        });
    for (int i = 0; i < 20; i++) {
      world.readied(world.jobs.aJob().deadline(clock.instant().plusSeconds(60)).queued());
    }
    worker(20);

    await().until(() -> world.ended().size() == 20);

    assertThat(seen).containsExactly(JobState.RUNNING);
    assertThat(world.ended()).allMatch(job -> job.state() == JobState.DONE);
  }

  @Test
  void aJobThatExpiredJustBeforeItsMarkIsNotStarted() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().plusSeconds(60)).queued());
    world.store.beforeNext("save", () -> world.saved(job.expire(clock.instant())));
    worker(4);

    awaitState(job, JobState.EXPIRED);
    awaitNothingLeased();
    assertThat(started.getCount()).isEqualTo(1);
  }

  @Test
  void aJobWhoseMarkIsInDoubtGoesBackWithoutIt() {
    handlers.put("echo", _ -> new Result(null, null));
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().plusSeconds(60)).queued());
    world.store.beforeNext("save", () -> world.store.loseAnswers(1));
    AtomicReference<JobState> back = new AtomicReference<>();
    world.ready.beforeNext("release", () -> back.set(world.state(job)));
    worker(4);

    Job done = awaitState(job, JobState.DONE);

    assertThat(back).hasValue(JobState.QUEUED);
    assertThat(done.attempt()).isEqualTo(1);
    awaitNothingLeased();
  }

  @Test
  void aJobHandedBackMayBeTakenAgainAtOnce() {
    CountDownLatch ran = new CountDownLatch(1);
    handlers.put(
        "echo",
        _ -> {
          ran.countDown();
          return new Result(null, null);
        });
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().plusSeconds(60)).queued());
    world.store.beforeNext("save", () -> world.store.loseAnswers(1));
    world.ready.afterNext("release", () -> await().until(() -> ran.getCount() == 0));
    worker(4);

    awaitState(job, JobState.DONE);
  }
}
