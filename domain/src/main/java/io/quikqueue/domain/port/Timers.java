package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import java.time.Instant;
import java.util.List;

/**
 * The jobs that wait for a moment: one row per job with a {@link Job#timer()}, kept by {@link
 * JobStore}.
 */
public interface Timers {

  /**
   * Jobs whose timer is at or before a moment, earliest first.
   *
   * @param now by the store's clock
   * @param limit at most 1,000; fewer come when their payloads are large, none only when none is
   *     left
   * @throws UnavailableException when the store cannot be reached
   */
  List<Job> due(Instant now, int limit);
}
