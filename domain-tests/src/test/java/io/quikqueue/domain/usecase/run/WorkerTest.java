package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import io.quikqueue.domain.port.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of what a handler returns, throws and says. */
class WorkerTest extends WorkerFixture {

  @Test
  void aJobThatSucceedsIsDoneByOneWrite() {
    handlers.put("echo", run -> new Result(run.job().spec().payload(), "echoed"));
    Job job = world.readied(world.jobs.aJob().payload("[1]").queued());
    long begun = System.nanoTime();
    worker(4);

    Job done = awaitState(job, JobState.DONE);
    Duration passed = Duration.ofNanos(System.nanoTime() - begun);

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
    await().until(() -> world.ended().equals(List.of(done)));
    awaitNothingLeased();
    long halfSeconds = passed.toMillis() / 450;
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
  void aDestinationThatAsksToWaitIsNotCalledByOtherJobsOfItsGroup() {
    handlers.put(
        "echo",
        _ -> {
          throw PostponedException.askedByDestination(
              Duration.ofSeconds(30), "it asks", "HTTP 429", Duration.ofHours(1));
        });
    handlers.put("other", _ -> new Result("1", null));
    Job first = world.readied(world.jobs.aJob().group("a").queued());
    worker(4);
    assertThat(awaitState(first, JobState.RETRYING).failures()).isZero();

    Job second = world.readied(world.jobs.aJob().type("other").group("a").queued());
    Job third = world.readied(world.jobs.aJob().type("other").group("b").queued());

    awaitState(third, JobState.DONE);
    assertThat(world.state(second)).isEqualTo(JobState.QUEUED);
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
    await().until(() -> world.ended().equals(List.of(failed)));
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
  void whatRunsIsShownWithItsProgress() {
    handlers.put(
        "echo",
        run -> {
          run.progress(140, "n".repeat(199) + "\uD83D\uDE00");
          return waitForTheEnd(run);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    Worker worker = worker(4);
    await().until(() -> started.getCount() == 0);

    assertThat(worker.busy()).isEqualTo(1);
    AttemptSnapshot running = worker.running().getFirst();
    assertThat(running.attempt()).isEqualTo(job.attemptId());
    assertThat(running.type()).isEqualTo("echo");
    assertThat(running.progress()).isEqualTo(new Progress(100, "n".repeat(199)));
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
}
