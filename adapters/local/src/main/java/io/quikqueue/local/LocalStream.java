package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A stream of no length: what is announced is dispatched at once, on the caller's thread. The store
 * is what makes it durable: jobs that a stopped process had dispatched are still QUEUED there.
 */
public final class LocalStream implements JobStream {

  private final Consumer<List<StreamRecord>> dispatch;

  /**
   * @param dispatch gets every batch, in order and without positions; what it throws, {@link
   *     #announce} throws
   */
  public LocalStream(Consumer<List<StreamRecord>> dispatch) {
    this.dispatch = dispatch;
  }

  @Override
  public void announce(List<Job> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    List<StreamRecord> batch = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      batch.add(new StreamRecord(JobMessage.of(job), null));
    }
    dispatch.accept(batch);
  }

  /** Always empty: nothing is on its way. */
  @Override
  public Map<String, Progress> progress() {
    return Map.of();
  }
}
