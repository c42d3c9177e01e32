package io.quikqueue.domain.stats;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What one process saw happen in a minute.
 *
 * @param minute when it began
 * @param process its id, another after each start
 */
public record MinuteCounts(StatsScope scope, Instant minute, String process, JobCounts counts) {

  public MinuteCounts {
    if (!minute.equals(minute.truncatedTo(ChronoUnit.MINUTES))) {
      throw new IllegalArgumentException("no whole minute: " + minute);
    }
  }
}
