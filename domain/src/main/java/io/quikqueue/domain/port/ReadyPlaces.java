package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.util.OptionalLong;

/** Where jobs stand among those that are ready. All methods throw {@link UnavailableException}. */
public interface ReadyPlaces {

  /**
   * How many ready jobs of the same queue and group come before this attempt, by priority, then
   * arrival; jobs without a group are one group. Costs no more for a longer queue, but for what is
   * a bounded window in memory.
   *
   * @return 0 when a worker has it, or had it within the last minute; empty when the ready queue
   *     does not know it, or knows an earlier attempt
   */
  OptionalLong before(AttemptId attempt);
}
