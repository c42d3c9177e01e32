package io.quikqueue.domain.port;

import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import java.time.Instant;
import java.util.List;

/**
 * What happened to jobs, minute by minute. All methods throw {@link UnavailableException} when the
 * store cannot be reached.
 */
public interface JobStats {

  /**
   * Stores what a process saw, all or nothing. It takes the place of what the process has stored of
   * the same scope and minute.
   *
   * @param counts no two of the same scope, minute and process
   */
  void record(List<MinuteCounts> counts);

  /**
   * What all processes saw, in no order.
   *
   * @param from the first minute
   * @param until the first minute behind the last
   */
  List<MinuteCounts> read(StatsScope scope, Instant from, Instant until);

  /** Deletes what is older than a minute, up to so many rows; returns how many. */
  int prune(Instant before, int limit);
}
