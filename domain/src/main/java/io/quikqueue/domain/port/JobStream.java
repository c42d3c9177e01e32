package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import java.util.List;

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
   * How many announced jobs have not been dispatched yet.
   *
   * @throws UnavailableException when the stream cannot be asked
   */
  long lag();
}
