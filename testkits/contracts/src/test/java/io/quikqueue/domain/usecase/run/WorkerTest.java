package io.quikqueue.domain.usecase.run;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.RealTime;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.port.AttemptRecord;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.usecase.finish.Finish;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class WorkerTest {

  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RealTime clock = new RealTime();
  private final World world = new World(clock);
  private final Map<String, JobHandler> handlers = new ConcurrentHashMap<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final List<Worker> workers = new ArrayList<>();

  @AfterEach
  void drainAll() {
    mayEnd.countDown();
    world.store.up();
    world.ready.up();
    workers.forEach(worker -> worker.drain(Duration.ZERO));
  }

  @Test
  void aJobThatSucceedsIsDoneByOneWrite() {
    handlers.put("echo", run -> new Result(run.job().spec().payload(), "echoed"));
    Job job = world.readied(world.jobs.aJob().payload("[1]").queued());
    worker(4);

    Job done = awaitState(job, JobState.DONE);

    assertThat(done.result()).isEqualTo("[1]");
    assertThat(done.note()).isEqualTo("echoed");
    assertThat(done.startedAt()).isNotNull();
    assertThat(world.memory.attempts(job.id()))
        .containsExactly(
            new AttemptRecord(
                1,
                AttemptRecord.Outcome.DONE,
                done.startedAt(),
                done.finishedAt(),
                "worker-0",
                null));
    await().until(() -> world.ended.equals(List.of(done)));
    awaitNothingLeased();
    long halfSeconds = Duration.between(done.startedAt(), done.finishedAt()).toMillis() / 450;
    assertThat(world.store.calls("save")).isLessThanOrEqualTo(1 + (int) halfSeconds);
    assertThat(world.meter.count("ran/echo/done")).isEqualTo(1);
  }

  @Test
  void aJobThatTakesLongerIsMarkedRunning() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    Job running = awaitState(job, JobState.RUNNING);
    mayEnd.countDown();
    Job done = awaitState(job, JobState.DONE);

    assertThat(done.startedAt()).isEqualTo(running.startedAt());
    assertThat(Duration.between(running.startedAt(), done.finishedAt()))
        .isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void whatAHandlerThrowsIsItsFailure() {
    handlers.put(
        "echo",
        _ -> {
          throw new IllegalStateException("no luck");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    Job retrying = awaitState(job, JobState.RETRYING);

    assertThat(retrying.error()).isEqualTo("IllegalStateException: no luck");
    assertThat(retrying.dueAt()).isAfter(retrying.updatedAt());
    awaitNothingLeased();
  }

  @Test
  void aHandlerMayPutItsJobOff() {
    handlers.put(
        "echo",
        _ -> {
          throw new PostponedException(Duration.ofSeconds(30), "it is full", "come again");
        });
    handlers.put(
        "shut",
        _ -> {
          throw new PostponedException(Duration.ofSeconds(30), "it is shut", null);
        });
    Job answered = world.readied(world.jobs.aQueuedJob());
    Job unsent = world.readied(world.jobs.aJob().type("shut").queued());
    worker(4);

    Job waits = awaitState(answered, JobState.RETRYING);
    assertThat(waits.failures()).isZero();
    assertThat(waits.dueAt()).isEqualTo(waits.updatedAt().plusSeconds(30));
    assertThat(waits.note()).isEqualTo("waits until " + waits.dueAt() + ": it is full");
    assertThat(world.memory.attempts(answered.id()))
        .extracting(AttemptRecord::outcome, AttemptRecord::error)
        .containsExactly(tuple(AttemptRecord.Outcome.POSTPONED, "come again"));
    assertThat(awaitState(unsent, JobState.RETRYING).startedAt()).isNull();
    assertThat(world.memory.attempts(unsent.id())).isEmpty();
    awaitNothingLeased();
    assertThat(world.meter.count("ran/echo/postponed")).isEqualTo(1);
  }

  @Test
  void aHandlersErrorIsAFailureToo() {
    handlers.put(
        "echo",
        _ -> {
          throw new Error("out of everything");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    assertThat(awaitState(job, JobState.RETRYING).error()).isEqualTo("Error: out of everything");
  }

  @Test
  void aPermanentFailureIsTheEnd() {
    handlers.put(
        "echo",
        _ -> {
          throw new PermanentFailureException("no such customer");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    Job failed = awaitState(job, JobState.FAILED);

    assertThat(failed.error()).isEqualTo("no such customer");
    await().until(() -> world.ended.equals(List.of(failed)));
  }

  private static final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("not this one either");
    }

    @Override
    public String toString() {
      throw new StackOverflowError();
    }
  }

  static Stream<Arguments> hostileExceptions() {
    IllegalStateException huge = new IllegalStateException("x".repeat(20_000_000));
    return Stream.of(
        Arguments.of(
            new Unreadable(),
            "WorkerTest$Unreadable: (its message cannot be read: java.lang.IllegalStateException)"),
        Arguments.of(new StackOverflowError(), "StackOverflowError"),
        Arguments.of(new AssertionError(new Unreadable().getClass()), "AssertionError: class "),
        Arguments.of(huge, "IllegalStateException: xxx"));
  }

  @ParameterizedTest
  @MethodSource("hostileExceptions")
  void whateverIsThrownTheAttemptEnds(Throwable thrown, String error) {
    handlers.put("echo", _ -> sneak(thrown));
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    assertThat(awaitState(job, JobState.RETRYING).error()).startsWith(error).hasSizeLessThan(2001);
  }

  @SuppressWarnings("unchecked") // the cast is not checked, which lets an Error or any other pass
  private static <T extends Throwable> Result sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void aPermanentFailureWithoutAMessageSaysSo() {
    handlers.put(
        "echo",
        _ -> {
          throw new PermanentFailureException(null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    assertThat(awaitState(job, JobState.FAILED).error())
        .isEqualTo("a permanent failure without a message");
  }

  @Test
  void progressAndLogTakeNull() {
    handlers.put(
        "echo",
        run -> {
          run.progress(50, null);
          run.log(null);
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    awaitState(job, JobState.DONE);
  }

  @Test
  void aTypeWithoutHandlerFails() {
    Job job = world.readied(world.jobs.aJob().type("unheard-of").queued());
    worker(4);

    assertThat(awaitState(job, JobState.RETRYING).error()).contains("unheard-of");
  }

  @Test
  void anAttemptThatTakesTooLongIsInterruptedAndFails() {
    handlers.put("echo", this::waitForTheEnd);
    Policy policy =
        new Policy(
            5, Duration.ofSeconds(1), Duration.ofSeconds(1), null, Duration.ofMillis(200), 3);
    Job job = world.readied(world.jobs.aJob().policy(policy).queued());
    worker(4);

    assertThat(awaitState(job, JobState.RETRYING).error()).isEqualTo("timed out after 200 ms");
  }

  @Test
  void aJobCancelledBeforeItStartedNeverStarts() {
    handlers.put("echo", this::waitForTheEnd);
    handlers.put(
        "other",
        _ -> {
          throw new IllegalStateException("it did not work");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Job cancelled = world.saved(job, job.cancel(clock.instant()).job());
    Job other = world.readied(world.jobs.aJob().type("other").queued());
    worker(4);

    awaitState(other, JobState.RETRYING);
    awaitNothingLeased();
    assertThat(started.getCount()).isEqualTo(1);
    assertThat(world.found(job.id())).isEqualTo(cancelled);
  }

  @Test
  void aJobCancelledWhileItRunsIsInterruptedAndNeverDone() {
    AtomicBoolean sawCancel = new AtomicBoolean();
    handlers.put(
        "echo",
        run -> {
          try {
            return waitForTheEnd(run);
          } catch (InterruptedException e) {
            sawCancel.set(run.cancelled());
            return new Result("\"late\"", null);
          }
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    Job running = awaitState(job, JobState.RUNNING);

    Job cancelled = world.saved(running, running.cancel(clock.instant()).job());

    await().until(() -> worker.running().isEmpty());
    awaitNothingLeased();
    assertThat(sawCancel).isTrue();
    assertThat(world.found(job.id())).isEqualTo(cancelled);
    assertThat(world.meter.count("ran/echo/cancelled")).isEqualTo(1);
  }

  @Test
  void aCancelledHandlerThatDoesNotHeedTheInterruptIsLetGo() {
    handlers.put("echo", this::waitStubbornly);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    Job running = awaitState(job, JobState.RUNNING);

    world.saved(running, running.cancel(clock.instant()).job());

    await().atMost(PATIENCE).until(() -> worker.running().isEmpty());
    awaitNothingLeased();
    assertThat(worker.busy()).isEqualTo(1);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aHandlerThatDoesNotHeedItsTimeoutFailsAllTheSame() {
    handlers.put("echo", this::waitStubbornly);
    Policy policy =
        new Policy(
            5, Duration.ofSeconds(1), Duration.ofSeconds(1), null, Duration.ofMillis(200), 3);
    Job job = world.readied(world.jobs.aJob().policy(policy).queued());
    worker(4);

    await().atMost(PATIENCE).until(() -> world.state(job) == JobState.RETRYING);

    assertThat(world.found(job.id()).error()).isEqualTo("timed out after 200 ms");
  }

  @Test
  void aHandlerThatDoesNotStopKeepsItsSlotAndIsCounted() {
    AtomicBoolean mayStop = new AtomicBoolean();
    handlers.put(
        "echo",
        _ -> {
          while (!mayStop.get()) {
            Thread.onSpinWait();
          }
          return new Result("1", null);
        });
    Policy policy =
        new Policy(
            1, Duration.ofSeconds(1), Duration.ofSeconds(1), null, Duration.ofMillis(200), 3);
    Job job = world.readied(world.jobs.aJob().policy(policy).queued());
    Worker worker = worker(4);

    awaitState(job, JobState.FAILED);
    assertThat(worker.stuck()).isEqualTo(1);
    assertThat(worker.busy()).isEqualTo(1);
    mayStop.set(true);

    await().until(() -> worker.stuck() == 0 && worker.busy() == 0);
  }

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
  void aResultThatIsTooLongFailsForGood() {
    String most = "\"" + "é".repeat((1 << 19) - 1) + "\"";
    handlers.put("echo", _ -> new Result(most, null));
    handlers.put("other", _ -> new Result(most + " ", null));
    Job fits = world.readied(world.jobs.aQueuedJob());
    Job tooLong = world.readied(world.jobs.aJob().type("other").queued());
    worker(4);

    assertThat(awaitState(fits, JobState.DONE).result()).isEqualTo(most);
    assertThat(awaitState(tooLong, JobState.FAILED).error())
        .isEqualTo("result: has 1048577 bytes, of 1048576 at most");
  }

  @Test
  void whatAHandlerThrewIsKeptWithItsAttempt() {
    handlers.put(
        "echo",
        _ -> {
          throw new IllegalStateException("no luck", new IOException("no disk"));
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    awaitState(job, JobState.RETRYING);

    AttemptRecord attempt = world.memory.attempts(job.id()).getFirst();
    assertThat(attempt.errorClass()).isEqualTo("java.lang.IllegalStateException");
    assertThat(attempt.trace())
        .startsWith("java.lang.IllegalStateException: no luck\n    at ")
        .contains("\nCaused by: java.io.IOException: no disk\n    at ");
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
  void aJobWhoseDeadlineHasPassedIsNotStarted() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().minusSeconds(1)).queued());
    worker(4);

    Job expired = awaitState(job, JobState.EXPIRED);

    assertThat(started.getCount()).isEqualTo(1);
    await().until(() -> world.ended.equals(List.of(expired)));
    awaitNothingLeased();
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
  void aSuspectIsMarkedBeforeItStarts() {
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
        crashedTwice = crashedTwice.rescue(clock.instant()).job();
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
        crashed = crashed.rescue(clock.instant()).job();
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
        .during(LEASE.plusMillis(100))
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

    await().until(() -> world.ended.size() == 20);

    assertThat(seen).containsExactly(JobState.RUNNING);
    assertThat(world.ended).allMatch(job -> job.state() == JobState.DONE);
  }

  @Test
  void aJobThatExpiredJustBeforeItsMarkIsNotStarted() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().plusSeconds(60)).queued());
    world.store.beforeNext("save", () -> world.saved(job, job.expire(clock.instant()).job()));
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

  @Test
  void whatRunsIsShownWithItsProgress() {
    handlers.put(
        "echo",
        run -> {
          run.progress(140, "n".repeat(300));
          return waitForTheEnd(run);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    assertThat(worker.busy()).isEqualTo(1);
    AttemptSnapshot running = worker.running().getFirst();
    assertThat(running.attempt()).isEqualTo(job.attemptId());
    assertThat(running.type()).isEqualTo("echo");
    assertThat(running.progress()).isEqualTo(new Progress(100, "n".repeat(200)));
  }

  @Test
  void theTimeLeftOfAnAttemptIsKnown() {
    AtomicReference<Duration> left = new AtomicReference<>();
    handlers.put(
        "echo",
        run -> {
          left.set(run.timeLeft());
          return new Result(null, null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    awaitState(job, JobState.DONE);

    assertThat(left.get()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  @Test
  void aLeaseIsKeptWhileTheJobRuns() {
    handlers.put("echo", this::waitForTheEnd);
    world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> started.getCount() == 0);

    await()
        .during(LEASE.multipliedBy(2))
        .atMost(LEASE.multipliedBy(4))
        .until(() -> world.readyMemory.reclaimExpired("rescuer", 10, LEASE).isEmpty());
  }

  @Test
  void aLeaseIsKeptWhileTheStoreIsAskedWhetherTheJobMayStart() {
    handlers.put("echo", _ -> new Result(null, null));
    AtomicBoolean asked = new AtomicBoolean();
    CountDownLatch answer = new CountDownLatch(1);
    world.store.beforeNext(
        "current",
        () -> {
          asked.set(true);
          await().atMost(PATIENCE).until(() -> answer.getCount() == 0);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().untilTrue(asked);

    await()
        .during(LEASE.multipliedBy(2))
        .atMost(LEASE.multipliedBy(4))
        .until(() -> world.readyMemory.reclaimExpired("rescuer", 10, LEASE).isEmpty());
    answer.countDown();

    assertThat(awaitState(job, JobState.DONE).attempt()).isOne();
  }

  @Test
  void anAttemptThatWasReplacedIsInterruptedAndRecordsNothing() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aJob().queue("mine").queued());
    Worker worker = worker(1, Set.of("mine"), _ -> false);
    Job running = awaitState(job, JobState.RUNNING);

    Job second = world.saved(running, running.rescue(clock.instant()).job());
    world.pushed(second);

    await().until(() -> worker.running().stream().noneMatch(a -> a.attempt().number() == 1));
    assertThat(world.found(job.id()).attempt()).isEqualTo(2);
    assertThat(world.found(job.id()).crashes()).isEqualTo(1);
    mayEnd.countDown();
    awaitState(job, JobState.DONE);
  }

  @Test
  void anAttemptWhoseLeaseARescuerHasIsLeftToTheRescuer() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(1);
    await().until(() -> started.getCount() == 0);
    world.ready.down();
    await()
        .atMost(PATIENCE)
        .until(
            () -> !world.readyMemory.reclaimExpired("rescuer", 1, Duration.ofMinutes(1)).isEmpty());
    world.ready.up();

    await().atMost(PATIENCE).until(() -> worker.running().isEmpty());
    worker.drain(Duration.ZERO);

    List<JobMessage> leased = List.of(JobMessage.of(job));
    assertThat(world.readyMemory.extend("rescuer", leased, LEASE)).isEmpty();
    assertThat(world.meter.count("ran/echo/lost")).isEqualTo(1);
  }

  @Test
  void anAttemptThatWasLostIsNotTakenBack() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    handlers.put(
        "echo",
        run -> {
          try {
            return waitForTheEnd(run);
          } catch (InterruptedException e) {
            interrupted.countDown();
            return waitStubbornly(run);
          }
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> started.getCount() == 0);
    world.ready.down();
    world.readyMemory.wipe();
    world.pushed(job);
    List<JobMessage> taken =
        world.readyMemory.take(
            TakeRequest.ofAllTypes("other", Set.of(), 1, Duration.ofMinutes(1), Duration.ZERO));
    world.ready.up();
    assertThat(interrupted.await(60, SECONDS)).isTrue();

    world.readyMemory.release("other", taken);

    await()
        .during(LEASE)
        .atMost(PATIENCE)
        .until(() -> world.readyMemory.depth().equals(Map.of("default", 1L)));
  }

  @Test
  void resultsAreKeptUntilTheStoreIsBack() {
    handlers.put(
        "echo",
        _ -> {
          world.store.down();
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> world.store.calls("save") >= 2);
    assertThat(world.state(job).terminal()).isFalse();

    world.store.up();

    assertThat(awaitState(job, JobState.DONE).result()).isEqualTo("1");
    awaitNothingLeased();
  }

  @Test
  void aResultWhoseWriteWasInDoubtIsRecordedOnce() {
    AtomicInteger runs = new AtomicInteger();
    handlers.put(
        "echo",
        _ -> {
          runs.incrementAndGet();
          world.store.beforeNext("save", () -> world.store.loseAnswers(1));
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> world.store.calls("save") >= 2);
    awaitNothingLeased();

    assertThat(world.state(job)).isEqualTo(JobState.DONE);
    assertThat(world.memory.attempts(job.id())).hasSize(1);
    assertThat(world.meter.count("stale")).isZero();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aFailureWhoseWriteWasInDoubtIsRecordedOnceToo() {
    handlers.put(
        "echo",
        _ -> {
          world.store.beforeNext("save", () -> world.store.loseAnswers(1));
          throw new IllegalStateException("no luck");
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> world.store.calls("save") >= 2);
    awaitNothingLeased();

    assertThat(world.found(job.id()).failures()).isEqualTo(1);
    assertThat(world.memory.attempts(job.id())).hasSize(1);
    assertThat(world.meter.count("stale")).isZero();
  }

  @Test
  void nothingStartsWhileTheStoreCannotBeAsked() {
    handlers.put("echo", _ -> new Result(null, null));
    world.store.down();
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> world.store.calls("current") >= 2);
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);

    world.store.up();

    awaitState(job, JobState.DONE);
  }

  @Test
  void theReadyQueueMayGoAndComeBack() {
    handlers.put("echo", _ -> new Result(null, null));
    world.ready.down();
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> world.ready.calls("take") >= 2);

    world.ready.up();

    awaitState(job, JobState.DONE);
  }

  @Test
  void whatRunsSurvivesAWipeOfTheReadyQueue() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    await().until(() -> started.getCount() == 0);

    world.readyMemory.wipe();

    await().until(() -> !world.unknownToReady(job));
    mayEnd.countDown();
    awaitState(job, JobState.DONE);
  }

  @Test
  void drainingLetsRunningJobsFinishAndTakesNoMore() throws InterruptedException {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    Thread draining = Thread.ofVirtual().start(() -> worker.drain(PATIENCE));
    AtomicInteger takes = new AtomicInteger(-1);
    await("no more are taken")
        .pollInterval(Duration.ofMillis(1200))
        .until(
            () -> {
              int now = world.ready.calls("take");
              return takes.getAndSet(now) == now;
            });
    Job late = world.readied(world.jobs.aQueuedJob());
    mayEnd.countDown();
    assertThat(draining.join(PATIENCE)).isTrue();

    assertThat(world.state(job)).isEqualTo(JobState.DONE);
    assertThat(world.state(late)).isEqualTo(JobState.QUEUED);
    assertThat(world.readyMemory.depth()).containsEntry("default", 1L);
  }

  @Test
  void drainingHandsBackWhatDoesNotFinishInTime() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    awaitState(job, JobState.RUNNING);

    worker.drain(Duration.ZERO);

    Job back = world.found(job.id());
    assertThat(back.state()).isEqualTo(JobState.QUEUED);
    assertThat(back.attemptId()).isEqualTo(job.attemptId());
    assertThat(back.failures()).isZero();
    assertThat(back.crashes()).isZero();
    assertThat(world.readyMemory.depth()).containsEntry("default", 1L);
    assertThat(world.memory.attempts(job.id())).isEmpty();
  }

  @Test
  void drainingHandsBackWithoutTheReadyQueue() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    world.ready.down();
    worker.drain(Duration.ZERO);

    Job back = world.found(job.id());
    assertThat(back.state()).isEqualTo(JobState.QUEUED);
    assertThat(back.attemptId()).isEqualTo(job.attemptId());
    assertThat(back.updatedAt()).isAfter(job.updatedAt()); // by which rescue knows
  }

  @Test
  void aHandlerThatFinishesWhenInterruptedByTheDrainIsDone() {
    handlers.put(
        "echo",
        run -> {
          try {
            return waitForTheEnd(run);
          } catch (InterruptedException e) {
            return new Result("\"in time\"", null);
          }
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    worker.drain(Duration.ZERO);

    assertThat(world.found(job.id()).result()).isEqualTo("\"in time\"");
  }

  @Test
  void anAttemptThatEndsItsProcessCountsACrashAndItsNeighbourDoesNot() {
    AtomicReference<Thread> caller = new AtomicReference<>();
    handlers.put("echo", this::waitForTheEnd);
    handlers.put(
        "exit",
        run -> {
          caller.set(Thread.currentThread());
          return waitStubbornly(run);
        });
    Job cause = world.readied(world.jobs.aJob().type("exit").queued());
    Job neighbour = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(2);
    await().until(() -> worker.busy() == 2 && caller.get() != null);
    StackTraceElement[] exit = {new StackTraceElement("java.lang.Shutdown", "exit", null, 0)};

    worker.drain(
        Duration.ZERO,
        new ProcessEnd(
            true, List.of(), each -> each == caller.get() ? exit : new StackTraceElement[0]));

    assertThat(world.found(cause.id()).attempt()).isEqualTo(2);
    assertThat(world.found(cause.id()).crashes()).isEqualTo(1);
    assertThat(world.outboxed())
        .extracting(Job::attemptId)
        .contains(world.found(cause.id()).attemptId());
    assertThat(world.state(neighbour)).isEqualTo(JobState.QUEUED);
    assertThat(world.found(neighbour.id()).attempt()).isEqualTo(1);
    assertThat(world.found(neighbour.id()).crashes()).isZero();
  }

  @Test
  void whenNobodyIsFoundToEndTheProcessWhatIsLeftCountsACrash() {
    handlers.put("echo", this::waitForTheEnd);
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(2);
    await().until(() -> worker.busy() == 1);

    worker.drain(Duration.ZERO, new ProcessEnd(true, List.of(), _ -> new StackTraceElement[0]));

    assertThat(world.found(job.id()).crashes()).isEqualTo(1);
    assertThat(world.found(job.id()).attempt()).isEqualTo(2);
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

    await().atMost(PATIENCE).until(() -> world.ended.size() == 500);

    assertThat(runs).hasSize(500);
    assertThat(runs.values()).containsOnly(1);
    assertThat(world.meter.count("stale")).isZero();
  }

  private Worker worker(int slots) {
    return worker(slots, Set.of(), _ -> false);
  }

  private Worker worker(int slots, Set<String> queues, Predicate<Job> suspect) {
    return worker(slots, slots, queues, suspect);
  }

  private Worker worker(int slots, int queueSlots, Set<String> queues, Predicate<Job> suspect) {
    Worker worker =
        new Worker(
            new WorkerSettings(
                "worker-" + workers.size(), queues, slots, queueSlots, 2, LEASE, suspect),
            world.ready.port(),
            world.store.port(),
            new Finish(world.store.port(), world.ready.port(), world.ended::add, world.meter),
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
            clock,
            () -> 0.5,
            world.meter);
    workers.add(worker);
    worker.start();
    return worker;
  }

  private Result waitForTheEnd(JobRun run) throws InterruptedException {
    assertThat(run.job().state()).isEqualTo(JobState.QUEUED);
    started.countDown();
    assertThat(mayEnd.await(50, SECONDS)).isTrue();
    return new Result("\"ended\"", null);
  }

  private Result waitStubbornly(JobRun run) {
    started.countDown();
    boolean over = false;
    while (!over) {
      try {
        over = mayEnd.await(50, SECONDS);
      } catch (InterruptedException e) {
        over = false; // that is what makes it stubborn
      }
    }
    return new Result("\"ended\"", run.job().id().toString());
  }

  private Job awaitState(Job job, JobState state) {
    await().atMost(PATIENCE).until(() -> world.state(job) == state);
    return world.found(job.id());
  }

  /** The ready queue has let go of all that was leased: no lease is there to expire. */
  private void awaitNothingLeased() {
    await().until(() -> workers.stream().allMatch(worker -> worker.running().isEmpty()));
    await()
        .during(LEASE.plusMillis(100))
        .atMost(PATIENCE)
        .until(
            () -> world.readyMemory.reclaimExpired("rescuer", 10, Duration.ofMillis(1)).isEmpty());
  }
}
