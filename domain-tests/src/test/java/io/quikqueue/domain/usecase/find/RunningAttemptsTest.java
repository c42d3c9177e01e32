package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunningAttemptsTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final Flaky<Workers> workers = new Flaky<>(Workers.class, memory);
  private final RunningAttempts running =
      new RunningAttempts(workers.port(), Duration.ofSeconds(20), nanos::get);
  private final Job queued = new Jobs().aQueuedJob();
  private final Job job = queued.start(clock.instant()).after();

  @Test
  void aJobIsAsFarAsItsWorkerSays() {
    runs("w1", job.attemptId(), new Progress(40, "half way"));
    runs("w2", new AttemptId(job.id(), 2), new Progress(5, null));

    assertThat(running.progress(CALLER, job)).isEqualTo(new Progress(40, "half way"));
  }

  @Test
  void nothingIsSaidOfAJobThatDidNotReportOrDoesNotRun() {
    runs("w1", job.attemptId(), null);
    assertThat(running.progress(CALLER, job)).isNull();

    runs("w1", job.attemptId(), new Progress(40, null));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(running.progress(CALLER, queued)).isNull();
    assertThat(running.progress(CALLER, job.succeed(null, null, clock.instant()).after())).isNull();
  }

  @Test
  void whatAWorkerSaidThatFellSilentDoesNotCount() {
    runs("w1", job.attemptId(), new Progress(40, null));
    clock.advance(Duration.ofSeconds(21));

    assertThat(running.progress(CALLER, job)).isNull();
  }

  @Test
  void theStoreIsAskedFourTimesASecondHoweverManyJobsAreShown() {
    runs("w1", job.attemptId(), new Progress(40, null));
    for (int i = 0; i < 1000; i++) {
      running.progress(CALLER, job);
    }
    assertThat(workers.calls("live")).isOne();
    runs("w1", job.attemptId(), new Progress(41, null));

    nanos.addAndGet(Duration.ofMillis(250).toNanos());

    assertThat(running.progress(CALLER, job)).isEqualTo(new Progress(41, null));
  }

  @Test
  void jobsThatDoNotRunCostNothing() {
    running.progress(CALLER, queued);

    assertThat(workers.calls("live")).isZero();
  }

  @Test
  void whileTheStoreIsAwayItThrows() {
    workers.down();

    assertThatThrownBy(() -> running.progress(CALLER, job))
        .isInstanceOf(UnavailableException.class);
  }

  private void runs(String worker, AttemptId attempt, @Nullable Progress progress) {
    memory.heartbeat(
        new WorkerInfo(
            worker,
            "host",
            1,
            Set.of(),
            Set.of("echo"),
            1,
            1,
            List.of(new AttemptSnapshot(attempt, "echo", clock.instant(), progress)),
            clock.instant(),
            clock.instant()));
  }
}
