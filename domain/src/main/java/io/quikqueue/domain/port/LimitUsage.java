package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitUse;
import java.util.Optional;

/** How much of the limits is used, as the ready queue counts it and under those it has in force. */
public interface LimitUsage {

  /**
   * What there is for a job like this one.
   *
   * @throws UnavailableException when the ready queue cannot be reached
   */
  Uses of(JobSpec spec);

  /** Of its queue, its type and its group; empty = no limit. */
  record Uses(Optional<LimitUse> queue, Optional<LimitUse> type, Optional<LimitUse> group) {

    /** No limit is in force. */
    public static final Uses NONE = new Uses(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
