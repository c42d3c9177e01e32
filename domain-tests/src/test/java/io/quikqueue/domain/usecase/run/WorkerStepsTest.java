package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptOverException;
import io.quikqueue.domain.port.DurableSteps.Pause;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobSteps;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a handler leaves for the attempts after it, and how it sleeps. */
class WorkerStepsTest extends WorkerFixture {

  private final Queue<Object> seen = new ConcurrentLinkedQueue<>();

  @Test
  void theNextAttemptFindsWhatTheOneBeforeKept() {
    AtomicInteger effects = new AtomicInteger();
    handlers.put(
        "echo",
        run -> {
          String kept = run.steps().find("charge");
          if (kept == null) {
            kept = run.steps().keep("charge", String.valueOf(effects.incrementAndGet()));
          }
          if (run.job().attempt() == 1) {
            throw new IllegalStateException("it fails once");
          }
          return new Result(kept, null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);
    runAgain(awaitState(job, JobState.RETRYING));

    assertThat(awaitState(job, JobState.DONE).result()).isEqualTo("1");
    assertThat(effects).hasValue(1);
  }

  @Test
  void aSleepGivesBackTheSlotAndIsOverOnce() {
    handlers.put(
        "echo",
        run -> {
          Pause pause = run.steps().sleep("nap", run.steps().now().plusSeconds(3600));
          seen.add(pause);
          return new Result("1", null); // not heeded: the attempt has to end
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);

    Job asleep = awaitState(job, JobState.SCHEDULED);
    assertThat(asleep.attempt()).isEqualTo(2);
    assertThat(asleep.failures()).isZero();
    assertThat(asleep.note()).isEqualTo("sleeps until " + asleep.dueAt());
    assertThat(asleep.startedAt()).isNotNull();
    assertThat(seen).containsExactly(new Pause.Suspended());
    awaitNothingLeased();
    JobStep step = world.memory.steps().steps(job.id()).getFirst();
    assertThat(step.until()).isEqualTo(asleep.dueAt());

    runAgain(asleep); // too early: it sleeps on until the same moment
    await().until(() -> world.found(job.id()).attempt() == 3);
    Job again = awaitState(job, JobState.SCHEDULED);
    assertThat(again.dueAt()).isEqualTo(asleep.dueAt());
    assertThat(world.meter.count("ran/echo/suspended")).isEqualTo(2);
  }

  @Test
  void aSleepWhoseTimeHasComeIsOver() {
    handlers.put(
        "echo",
        run -> {
          Pause pause = run.steps().sleep("nap", run.steps().now().plusMillis(400));
          seen.add(pause.getClass());
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    Job asleep = awaitState(job, JobState.SCHEDULED);
    await().until(() -> clock.instant().isAfter(asleep.dueAt()));
    runAgain(asleep);

    awaitState(job, JobState.DONE);
    assertThat(seen).containsExactly(Pause.Suspended.class, Pause.Over.class);
  }

  @Test
  void aSignalWakesTheJobAndIsHandedOver() {
    handlers.put(
        "echo",
        run -> {
          Pause pause = run.steps().await("w", "go", run.steps().now().plusSeconds(3600));
          return pause instanceof Pause.Received(String payload)
              ? new Result(payload, null)
              : new Result("\"nothing\"", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    Job asleep = awaitState(job, JobState.SCHEDULED);
    assertThat(asleep.note()).isEqualTo("waits for signal go until " + asleep.dueAt());

    Signal signal = new Signal(job.id(), "go", "k", null, "[7]", clock.instant());
    var _ = world.memory.signals().send(signal, UnaryOperator.identity());
    world.pushed(world.found(job.id()));

    assertThat(awaitState(job, JobState.DONE).result()).isEqualTo("[7]");
  }

  @Test
  void anAttemptWhoseJobHasMovedOnKeepsNothing() {
    handlers.put(
        "echo",
        run -> {
          started.countDown();
          mayEnd.await();
          try {
            seen.add(run.steps().keep("late", "1"));
          } catch (AttemptOverException e) {
            seen.add(e.getMessage());
          }
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);
    await().until(() -> started.getCount() == 0);
    var _ = world.memory.save(List.of(world.found(job.id()).cancel(clock.instant())));
    mayEnd.countDown();

    await().until(() -> !seen.isEmpty());
    assertThat(seen).containsExactly("attempt 1 of job " + job.id() + " is over");
    assertThat(world.memory.steps().steps(job.id())).isEmpty();
  }

  @Test
  void whatCannotBeKeptIsRefused() {
    handlers.put(
        "echo",
        run -> {
          var steps = run.steps();
          steps.keep("a", "1");
          steps.keep("n".repeat(100), "\"" + "x".repeat(JobSteps.LARGEST - 2) + "\"");
          refused(() -> steps.keep("b", "\"" + "x".repeat(JobSteps.LARGEST - 1) + "\""));
          refused(() -> steps.keep("n".repeat(101), "1"));
          refused(() -> steps.keep("", "1"));
          refused(() -> steps.find("a b"));
          refused(() -> steps.sleep("a", steps.now()));
          refused(() -> steps.await("a", "go", steps.now()));
          refused(() -> steps.sleep("s", steps.now().plus(Duration.ofDays(367))));
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);

    awaitState(job, JobState.DONE);
    assertThat(seen).containsExactly("value", "name", "name", "name", "name", "name", "until");
  }

  @Test
  void whatIsTooMuchTogetherIsRefusedByItsField() {
    handlers.put(
        "echo",
        run -> {
          var steps = run.steps();
          String large = "\"" + "x".repeat(JobSteps.LARGEST - 2) + "\"";
          int fit = JobSteps.MOST_BYTES / JobSteps.LARGEST;
          for (int i = 0; i < fit; i++) {
            steps.keep("large-" + i, large);
          }
          refused(() -> steps.keep("one-more", "1"));
          for (int i = fit; i < JobSteps.MOST; i++) {
            steps.sleep("nap-" + i, steps.now());
          }
          refused(() -> steps.sleep("one-more", steps.now()));
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(1);

    awaitState(job, JobState.DONE);
    assertThat(seen).containsExactly("value", "name");
  }

  private void refused(Runnable call) {
    try {
      call.run();
      seen.add("taken");
    } catch (InvalidFieldException e) {
      seen.add(e.field());
    }
  }

  /** Has the job woken and dispatched. */
  private void runAgain(Job waiting) {
    Job woken = waiting.wake(clock.instant()).after();
    assertThat(world.memory.save(List.of(waiting.wake(clock.instant()))).applied()).isNotEmpty();
    world.pushed(world.found(woken.id()));
  }
}
