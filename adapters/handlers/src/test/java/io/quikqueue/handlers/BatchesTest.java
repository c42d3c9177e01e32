package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.handler.BatchHandler;
import io.quikqueue.handler.BatchJob;
import io.quikqueue.handler.HandlerContext;
import io.quikqueue.handler.PermanentFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class BatchesTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final List<List<String>> calls = new CopyOnWriteArrayList<>();
  private final AtomicLong ids = new AtomicLong();

  /** What a test has its handler do. */
  private interface Call {
    void handle(List<BatchJob<String>> jobs) throws Exception;
  }

  private record Fixed(int batchSize, Duration batchWait, boolean batchByGroup, Call call)
      implements BatchHandler<String> {

    @Override
    public String type() {
      return "cards";
    }

    @Override
    public Class<String> payloadType() {
      return String.class;
    }

    @Override
    public void handleBatch(List<BatchJob<String>> jobs) throws Exception {
      call.handle(jobs);
    }
  }

  /** An attempt on a thread of its own. */
  private static final class Attempt {

    private final FutureTask<@Nullable Object> task;
    private final Thread thread;

    Attempt(FutureTask<@Nullable Object> task) {
      this.task = task;
      this.thread = Thread.startVirtualThread(task);
    }

    @Nullable Object result() throws Exception {
      try {
        return task.get(120, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Exception failure) {
          throw failure;
        }
        throw e;
      }
    }
  }

  private Batches<String> batches(int size, Duration wait, Call call) {
    return batches(new Fixed(size, wait, false, call));
  }

  private Batches<String> batches(Fixed handler) {
    Call noted =
        jobs -> {
          calls.add(jobs.stream().map(BatchJob::payload).toList());
          handler.call().handle(jobs);
        };
    return new Batches<>(
        new Fixed(handler.batchSize(), handler.batchWait(), handler.batchByGroup(), noted),
        "cards",
        true);
  }

  private Attempt attempt(Batches<String> batches, String payload) {
    return attempt(batches, payload, "default", null);
  }

  private Attempt attempt(
      Batches<String> batches, String payload, String queue, @Nullable String group) {
    JobSpec spec = JobSpec.builder("cards", "1").queue(queue).group(group).build();
    JobId id = new JobId(new UUID(0x0190_0000_0000_7000L, ids.incrementAndGet() | 1L << 63));
    Job job = Job.submit(id, spec, null, false, Instant.EPOCH).job();
    OneRun run = new OneRun(job, new ArrayList<>());
    return new Attempt(new FutureTask<>(() -> batches.run(run, payload)));
  }

  private static void completeAll(List<BatchJob<String>> jobs) {
    jobs.forEach(job -> job.complete(job.payload() + "!"));
  }

  @Test
  void aFullBatchIsCalledAtOnce() throws Exception {
    Batches<String> batches = batches(3, LONG, BatchesTest::completeAll);
    List<Attempt> attempts =
        List.of(attempt(batches, "a"), attempt(batches, "b"), attempt(batches, "c"));

    assertThat(attempts.get(0).result()).isEqualTo("a!");
    assertThat(attempts.get(1).result()).isEqualTo("b!");
    assertThat(attempts.get(2).result()).isEqualTo("c!");
    assertThat(calls).singleElement().satisfies(call -> assertThat(call).hasSize(3));
  }

  @Test
  void whatHasComeWhenTheFirstHasWaitedIsCalled() throws Exception {
    Batches<String> batches = batches(1_000, SHORT, BatchesTest::completeAll);
    Attempt first = attempt(batches, "a");
    Attempt second = attempt(batches, "b");

    assertThat(first.result()).isEqualTo("a!");
    assertThat(second.result()).isEqualTo("b!");
    assertThat(attempt(batches, "c").result()).isEqualTo("c!");
    assertThat(calls.stream().mapToInt(List::size).sum()).isEqualTo(3);
  }

  @Test
  void aBatchIsOfOneQueueAndOfOneGroupIfItsHandlerSaysSo() throws Exception {
    Batches<String> batches = batches(new Fixed(2, LONG, true, BatchesTest::completeAll));
    List<Attempt> attempts =
        List.of(
            attempt(batches, "a1", "q", "a"),
            attempt(batches, "b1", "q", "b"),
            attempt(batches, "n1", "q", null),
            attempt(batches, "r1", "r", "a"),
            attempt(batches, "a2", "q", "a"),
            attempt(batches, "b2", "q", "b"),
            attempt(batches, "n2", "q", null),
            attempt(batches, "r2", "r", "a"));
    for (Attempt attempt : attempts) {
      attempt.result();
    }

    assertThat(calls)
        .hasSize(4)
        .allSatisfy(call -> assertThat(call.get(0).charAt(0)).isEqualTo(call.get(1).charAt(0)));
  }

  @Test
  void groupsShareABatchOtherwise() throws Exception {
    Batches<String> batches = batches(2, LONG, BatchesTest::completeAll);
    Attempt a = attempt(batches, "a", "q", "a");
    Attempt b = attempt(batches, "b", "q", "b");

    assertThat(a.result()).isEqualTo("a!");
    assertThat(b.result()).isEqualTo("b!");
  }

  @Test
  void anExceptionFailsThoseThatAreNotOverYet() throws Exception {
    Batches<String> batches =
        batches(
            3,
            LONG,
            jobs -> {
              for (BatchJob<String> job : jobs) {
                if (job.payload().equals("done")) {
                  assertThat(job.complete("x")).isTrue();
                  assertThat(job.complete("y")).isFalse();
                  assertThat(job.fail(new Exception("late"))).isFalse();
                } else if (job.payload().equals("bad")) {
                  assertThat(job.fail(new PermanentFailure("never"))).isTrue();
                }
              }
              throw new IllegalStateException("the printer burns");
            });
    Attempt done = attempt(batches, "done");
    Attempt bad = attempt(batches, "bad");
    Attempt rest = attempt(batches, "rest");

    assertThat(done.result()).isEqualTo("x");
    assertThatExceptionOfType(PermanentFailure.class).isThrownBy(bad::result).withMessage("never");
    assertThatIllegalStateException().isThrownBy(rest::result).withMessage("the printer burns");
  }

  @Test
  void aJobThatTheHandlerForgetsHasFailed() {
    Batches<String> batches = batches(1, LONG, jobs -> {});

    assertThatIllegalStateException()
        .isThrownBy(attempt(batches, "a")::result)
        .withMessage("the handler neither completed nor failed this job");
  }

  @Test
  void anErrorReachesItsAttempt() {
    Batches<String> batches =
        batches(
            1,
            LONG,
            jobs -> {
              throw new StackOverflowError("deep");
            });

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(attempt(batches, "a")::result)
        .withCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void aJobThatIsAskedToStopIsOverAtOnceAndTheRestGoesOn() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    List<Boolean> accepted = new CopyOnWriteArrayList<>();
    Batches<String> batches =
        batches(
            2,
            LONG,
            jobs -> {
              began.countDown();
              mayEnd.await();
              jobs.forEach(job -> accepted.add(job.complete(job.payload())));
              told.countDown();
            });
    Attempt first = attempt(batches, "a");
    Attempt second = attempt(batches, "b");
    began.await();

    first.thread.interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(first::result);
    mayEnd.countDown();

    assertThat(second.result()).isEqualTo("b");
    told.await();
    assertThat(accepted).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void whenAllAreAskedToStopTheHandlerIsTooAndTheLastWaitsForIt() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Batches<String> batches =
        batches(
            2,
            LONG,
            jobs -> {
              began.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                mayEnd.await(); // stubborn
              }
            });
    Attempt first = attempt(batches, "a");
    Attempt second = attempt(batches, "b");
    began.await();

    first.thread.interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(first::result);
    second.thread.interrupt();
    interrupted.await();
    assertThat(second.task.isDone()).isFalse();
    mayEnd.countDown();

    assertThatExceptionOfType(InterruptedException.class).isThrownBy(second::result);
  }

  @Test
  void oneThatIsAskedToStopBeforeItsBatchBeganIsNotInIt() throws Exception {
    Batches<String> batches = batches(2, LONG, BatchesTest::completeAll);
    Attempt gone = attempt(batches, "gone");
    while (gone.thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    gone.thread.interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(gone::result);

    Attempt a = attempt(batches, "a");
    Attempt b = attempt(batches, "b");

    assertThat(a.result()).isEqualTo("a!");
    assertThat(b.result()).isEqualTo("b!");
    assertThat(calls).singleElement().satisfies(call -> assertThat(call).hasSize(2));
  }

  @Test
  void aJobOfABatchCanNeitherSleepNorWait() throws Exception {
    Batches<String> batches =
        batches(
            1,
            LONG,
            jobs -> {
              HandlerContext context = jobs.getFirst().context();
              assertThat(jobs.getFirst().context()).isSameAs(context);
              assertThatIllegalStateException().isThrownBy(() -> context.sleep(SHORT));
              assertThatIllegalStateException().isThrownBy(() -> context.sleep("n", SHORT));
              assertThatIllegalStateException().isThrownBy(() -> context.sleep(Instant.EPOCH));
              assertThatIllegalStateException().isThrownBy(() -> context.sleep("n", Instant.EPOCH));
              assertThatIllegalStateException()
                  .isThrownBy(() -> context.waitForSignal("s", SHORT, String.class));
              completeAll(jobs);
            });

    assertThat(attempt(batches, "a").result()).isEqualTo("a!");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_001})
  void aBatchHasOneToAThousandJobs(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches(size, SHORT, jobs -> {}))
        .withMessageContaining("batchSize of type cards");
    batches(1, SHORT, jobs -> {});
    batches(1_000, SHORT, jobs -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.000999S", "PT1M0.001S", "-PT1S"})
  void aBatchWaitsFromAMillisecondToAMinute(String wait) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches(2, Duration.parse(wait), jobs -> {}))
        .withMessageContaining("batchWait of type cards");
    batches(2, Duration.ofMillis(1), jobs -> {});
    batches(2, Duration.ofMinutes(1), jobs -> {});
  }
}
