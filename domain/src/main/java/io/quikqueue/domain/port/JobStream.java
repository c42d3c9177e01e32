package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import java.util.List;
import java.util.Map;

/** The way from the store to the ready queue: durable, ordered per job, at least once. */
public interface JobStream {

  /**
   * Announces QUEUED jobs, in order; they are durable in the stream when this returns.
   *
   * @param jobs at most 1,000
   * @throws UnavailableException when that could not be made sure; some may have been announced
   */
  void announce(List<Job> jobs);

  /**
   * How far each queue has come. A queue without jobs in the stream may be absent.
   *
   * @throws UnavailableException when the stream cannot be asked
   */
  Map<String, Progress> progress();

  /** How many announced jobs have not been dispatched yet; throws as {@link #progress}. */
  default long lag() {
    return progress().values().stream().mapToLong(Progress::lag).sum();
  }

  /**
   * Two counts that only grow, unless the stream lost its data.
   *
   * @param announced jobs ever announced
   * @param dispatched of these, those that were dispatched
   */
  record Progress(long announced, long dispatched) {

    public Progress plus(Progress other) {
      return new Progress(announced + other.announced, dispatched + other.dispatched);
    }

    public long lag() {
      return Math.max(0, announced - dispatched);
    }
  }
}
