package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says how far jobs are that run, by what their workers told the store. It asks the store when it
 * is asked, at most four times a second. Safe for use by several threads.
 */
public final class RunningAttempts {

  private static final long REFRESH_NANOS = Duration.ofMillis(250).toNanos();

  private final Workers workers;
  private final Duration liveness;
  private final LongSupplier nanos;
  private @Nullable Map<AttemptId, Progress> known;
  private long knownAt;

  /**
   * @param liveness a worker silent for longer than this counts as gone
   * @param nanos monotonic time
   */
  public RunningAttempts(Workers workers, Duration liveness, LongSupplier nanos) {
    this.workers = workers;
    this.liveness = liveness;
    this.nanos = nanos;
  }

  /**
   * How far the attempt is that a RUNNING job is in; null when it does not run or its handler has
   * not said.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public @Nullable Progress progress(Caller caller, Job job) {
    return job.state() == JobState.RUNNING ? known().get(job.attemptId()) : null;
  }

  private synchronized Map<AttemptId, Progress> known() {
    Map<AttemptId, Progress> present = known;
    long now = nanos.getAsLong();
    if (present != null && now - knownAt < REFRESH_NANOS) {
      return present;
    }
    Map<AttemptId, Progress> fresh = new HashMap<>();
    for (WorkerInfo worker : workers.live(liveness)) {
      for (AttemptSnapshot attempt : worker.running()) {
        Progress progress = attempt.progress();
        if (progress != null) {
          fresh.put(attempt.attempt(), progress);
        }
      }
    }
    known = fresh;
    knownAt = now;
    return fresh;
  }
}
