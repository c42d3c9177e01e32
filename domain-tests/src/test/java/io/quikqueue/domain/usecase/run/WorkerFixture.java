package io.quikqueue.domain.usecase.run;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.RealTime;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers with handlers that a test chooses, and jobs for them. */
@Timeout(900)
@Execution(ExecutionMode.CONCURRENT)
abstract class WorkerFixture {

  static final Duration LEASE = Duration.ofSeconds(1);

  /** Of workers that are to keep their leases, though this machine stands still for a moment. */
  static final Duration LASTING_LEASE = Duration.ofSeconds(6);

  static final Duration PATIENCE = Duration.ofMinutes(3);

  final RealTime clock = new RealTime();
  final World world = new World(clock);
  final Map<String, JobHandler> handlers = new ConcurrentHashMap<>();
  final CountDownLatch started = new CountDownLatch(1);
  final CountDownLatch mayEnd = new CountDownLatch(1);
  final List<Worker> workers = new ArrayList<>();

  /** Of workers that are still to be made. */
  Duration lease = LEASE;

  final Flaky<JobLogs> logs = new Flaky<>(JobLogs.class, world.memory.logs());
  final Flaky<Pauses> pauses = new Flaky<>(Pauses.class, world.memory);

  /** Workers find it time to read the pauses whenever they look. */
  private final AtomicLong pauseNanos = new AtomicLong();

  @AfterEach
  void drainAll() {
    mayEnd.countDown();
    logs.up();
    world.store.up();
    world.ready.up();
    workers.forEach(worker -> worker.drain(Duration.ZERO));
  }

  Worker worker(int slots) {
    return worker(slots, Set.of(), _ -> false);
  }

  Worker worker(int slots, Set<String> queues, Predicate<Job> startsMarked) {
    return worker(slots, slots, queues, startsMarked);
  }

  Worker worker(int slots, int queueSlots, Set<String> queues, Predicate<Job> startsMarked) {
    Worker worker =
        new Worker(
            new WorkerSettings(
                "worker-" + workers.size(), queues, slots, queueSlots, 2, lease, startsMarked),
            world.ready.port(),
            world.store.port(),
            new JobJournal(logs.port(), world.memory.steps(), world.memory.workflows()),
            new Finish(world.listened, world.ready.port(), world.meter),
            new Handlers() {
              @Override
              public Optional<JobHandler> find(String type) {
                return Optional.ofNullable(handlers.get(type));
              }

              @Override
              public Set<String> types() {
                return handlers.keySet();
              }
            },
            new PausesInForce(pauses.port(), () -> pauseNanos.addAndGet(1_000_000_000)),
            new LimitsInForce(new InMemoryLimits(), System::nanoTime),
            world.readyMemory,
            clock,
            () -> 0.5,
            world.meter);
    workers.add(worker);
    worker.start();
    return worker;
  }

  Result waitForTheEnd(JobRun run) throws InterruptedException {
    assertThat(run.job().state()).isEqualTo(JobState.QUEUED);
    started.countDown();
    assertThat(mayEnd.await(300, SECONDS)).isTrue();
    return new Result("\"ended\"", null);
  }

  Result waitStubbornly(JobRun run) {
    started.countDown();
    boolean over = false;
    while (!over) {
      try {
        over = mayEnd.await(300, SECONDS);
      } catch (InterruptedException e) {
        over = false; // that is what makes it stubborn
      }
    }
    return new Result("\"ended\"", run.job().id().toString());
  }

  Job awaitState(Job job, JobState state) {
    await().atMost(PATIENCE).until(() -> world.state(job) == state);
    return world.found(job.id());
  }

  /** The ready queue has let go of all that was leased: no lease is there to expire. */
  void awaitNothingLeased() {
    await().until(() -> workers.stream().allMatch(worker -> worker.running().isEmpty()));
    await()
        .during(LEASE.plusMillis(100))
        .atMost(PATIENCE)
        .until(
            () -> world.readyMemory.reclaimExpired("rescuer", 10, Duration.ofMillis(1)).isEmpty());
  }
}
