package io.quikqueue.domain.port;

import io.quikqueue.domain.limit.Destination;
import java.time.Duration;
import java.util.Map;

/**
 * The destinations that asked to be called later, by the ready queue's clock. The ready queue
 * starts no job of a closed group; who calls a host sees to it himself. Forgotten when the ready
 * queue is wiped. All methods throw {@link UnavailableException}.
 */
public interface ClosedDestinations {

  /** The most that are closed at once; of more those are forgotten that are open first. */
  int MOST = 1_000;

  /** The longest that one is closed for. */
  Duration LONGEST = Duration.ofHours(1);

  /**
   * Closes a destination, unless it is closed for longer already.
   *
   * @param wait at most {@link #LONGEST}
   */
  void close(Destination destination, Duration wait);

  /** For how long each that is closed is. */
  Map<Destination, Duration> closed();
}
