package io.quikqueue.domain.usecase.run;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.JobRun;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many jobs a worker runs, of which queues and types, and in what threads. */
class WorkerSlotsTest extends WorkerFixture {

  @Test
  void whatMayComputeRunsOnAPlatformThread() {
    handlers.put("echo", _ -> new Result("" + Thread.currentThread().isVirtual(), null));
    handlers.put(
        "other",
        new JobHandler() {
          @Override
          public Result run(JobRun run) {
            return new Result("" + Thread.currentThread().isVirtual(), null);
          }

          @Override
          public boolean mayCompute() {
            return true;
          }
        });
    Job blocks = world.readied(world.jobs.aQueuedJob());
    Job computes = world.readied(world.jobs.aJob().type("other").queued());
    worker(4);

    assertThat(awaitState(blocks, JobState.DONE).result()).isEqualTo("true");
    assertThat(awaitState(computes, JobState.DONE).result()).isEqualTo("false");
  }

  @Test
  void noMoreRunAtOnceThanThereAreSlots() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    handlers.put(
        "echo",
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          mayEnd.await(20, MILLISECONDS);
          now.decrementAndGet();
          return new Result(null, null);
        });
    List<Job> jobs = world.jobs.queuedJobs(50);
    jobs.forEach(world::readied);
    worker(3);

    await()
        .atMost(PATIENCE)
        .until(() -> jobs.stream().allMatch(job -> world.state(job) == JobState.DONE));

    assertThat(most).hasValue(3);
  }

  @Test
  void aBugWhileJobsAreAdmittedGivesNoSlotBackTwice() {
    CountDownLatch bug = new CountDownLatch(1);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    handlers.put(
        "echo",
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          assertThat(bug.await(300, SECONDS)).isTrue();
          mayEnd.await(20, MILLISECONDS);
          now.decrementAndGet();
          return new Result(null, null);
        });
    Job starts = world.readied(world.jobs.aQueuedJob());
    Job toBeMarked =
        world.readied(
            world.jobs.aJob().deadline(clock.instant().plus(Duration.ofHours(1))).queued());
    Job overdue =
        world.readied(
            world.jobs.aJob().deadline(clock.instant().minus(Duration.ofSeconds(1))).queued());
    world.store.beforeNext(
        "save",
        () -> {
          bug.countDown();
          throw new IllegalStateException("a bug");
        });
    worker(3);
    awaitState(starts, JobState.DONE);

    Set<AttemptId> leaseExpired = new HashSet<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              world
                  .readyMemory
                  .reclaimExpired("rescuer", 10, Duration.ofMinutes(1))
                  .forEach(each -> leaseExpired.add(each.attempt()));
              return leaseExpired.size() == 2;
            });
    assertThat(leaseExpired).containsOnly(toBeMarked.attemptId(), overdue.attemptId());
    List<Job> jobs = world.jobs.queuedJobs(50);
    jobs.forEach(world::readied);
    await()
        .atMost(PATIENCE)
        .until(() -> jobs.stream().allMatch(job -> world.state(job) == JobState.DONE));

    assertThat(most.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void onlyTheQueuesItServesAreServed() {
    handlers.put("echo", _ -> new Result(null, null));
    Job other = world.readied(world.jobs.aJob().queue("other").queued());
    Job mine = world.readied(world.jobs.aJob().queue("mine").queued());
    worker(4, Set.of("mine"), _ -> false);

    awaitState(mine, JobState.DONE);

    assertThat(world.state(other)).isEqualTo(JobState.QUEUED);
    assertThat(world.readyMemory.depth()).containsEntry("other", 1L);
  }

  @Test
  void aJobOfATypeThatTheWorkerDoesNotHaveIsLeftForOneThatHasIt() {
    handlers.put("echo", _ -> new Result(null, null));
    Job unknown = world.readied(world.jobs.aJob().type("greet").queued());
    Job known = world.readied(world.jobs.aJob().queued());
    worker(4);
    awaitState(known, JobState.DONE);
    assertThat(world.found(unknown.id())).isEqualTo(unknown);
    assertThat(world.readyMemory.depth()).containsEntry("default", 1L);

    handlers.put("greet", _ -> new Result(null, null));
    worker(4);

    assertThat(awaitState(unknown, JobState.DONE).attempt()).isEqualTo(1);
  }

  @Test
  void theJobsOfOneQueueHoldNoMoreThanTheirShareOfTheSlots() {
    handlers.put("echo", this::waitForTheEnd);
    handlers.put("quick", _ -> new Result(null, null));
    List<Job> hogs =
        IntStream.range(0, 20)
            .mapToObj(_ -> world.readied(world.jobs.aJob().queue("hogs").queued()))
            .toList();
    Worker worker = worker(5, 4, Set.of(), _ -> false);
    await().atMost(PATIENCE).until(() -> worker.busy() == 4);

    for (int i = 0; i < 3; i++) {
      Job other = world.readied(world.jobs.aJob().type("quick").queue("others").queued());
      awaitState(other, JobState.DONE);
    }
    await().until(() -> worker.busy() == 4);
    assertThat(world.readyMemory.depth()).containsEntry("hogs", 16L);

    mayEnd.countDown();
    hogs.forEach(hog -> awaitState(hog, JobState.DONE));
  }

  @Test
  void twoWorkersShareTheWorkAndRunEachJobOnce() {
    Map<String, Integer> runs = new ConcurrentHashMap<>();
    handlers.put(
        "echo",
        run -> {
          runs.merge(run.job().id().toString(), 1, Integer::sum);
          return new Result(null, null);
        });
    worker(8);
    worker(8);
    List<Job> jobs = world.jobs.queuedJobs(500);
    jobs.forEach(world::readied);

    await().atMost(PATIENCE).until(() -> world.ended().size() == 500);

    assertThat(runs).hasSize(500);
    assertThat(runs.values()).containsOnly(1);
    assertThat(world.meter.count("stale")).isZero();
  }
}
