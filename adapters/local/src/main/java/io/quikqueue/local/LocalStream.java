package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A stream of no length: what is announced is dispatched at once, on the caller's thread. The store
 * is what makes it durable: jobs that a stopped process had dispatched are still QUEUED there.
 */
public final class LocalStream implements JobStream {

  private final Consumer<List<Job>> dispatch;

  /**
   * @param dispatch gets every batch, in order; what it throws, {@link #announce} throws
   */
  public LocalStream(Consumer<List<Job>> dispatch) {
    this.dispatch = dispatch;
  }

  @Override
  public void announce(List<Job> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    for (Job job : jobs) {
      if (job.state() != JobState.QUEUED) {
        throw new IllegalArgumentException(
            "job " + job.id() + " is " + job.state() + ", not QUEUED");
      }
    }
    dispatch.accept(jobs);
  }

  /** Always empty: nothing is on its way. */
  @Override
  public Map<String, Progress> progress() {
    return Map.of();
  }
}
