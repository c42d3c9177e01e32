package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What rescue needs to fill a ready queue that was wiped. All methods throw {@link
 * UnavailableException}.
 */
public interface ReadyQueueRebuild {

  /**
   * Whether the ready queue has lost everything (or never had anything) since {@link #markRebuilt}.
   */
  boolean blank();

  /**
   * Records that the ready queue holds again what it should. Lost with everything else when it is
   * wiped.
   *
   * @param unheard for how long attempts may go on that it does not know of yet; until then nothing
   *     starts that has a limit of concurrency
   */
  void markRebuilt(Duration unheard);

  /**
   * Those of the attempts that are neither ready, nor leased, nor finished within the last minute.
   * At most 1,000.
   */
  Set<AttemptId> unknown(Collection<AttemptId> attempts);

  /**
   * Notes attempts as leased by nobody for this long, unless they are known: their workers, if
   * alive, renew within that time; otherwise they expire. At most 1,000.
   */
  void assumeLeased(List<Envelope> running, Duration lease);
}
