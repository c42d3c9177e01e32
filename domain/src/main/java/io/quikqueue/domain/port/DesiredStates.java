package io.quikqueue.domain.port;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What workers are asked to be. All methods throw {@link UnavailableException}. */
public interface DesiredStates {

  /** The most there can be. */
  int MOST = 1_000;

  /** So long a state is kept of a worker that is not heard of. */
  Duration KEPT = Duration.ofDays(1);

  /**
   * Changes what a worker is asked to be, alone: of two changes at once the later one sees the
   * other. A state in which nothing is asked is not kept.
   *
   * @param before what it is when nothing was asked
   * @param change may be called again
   * @return the state after it
   */
  DesiredState change(DesiredState before, UnaryOperator<DesiredState> change);

  /** Forgets the state of a worker that is gone for good. */
  void remove(String worker);

  /** Notes that workers are alive, so that their states are kept. At most 1,000. */
  void heard(Set<String> workers);

  /**
   * All states of workers that were heard of within {@link #KEPT}, by the store's clock, sorted by
   * worker; a change counts as hearing of it. At most {@link #MOST}.
   */
  List<DesiredState> all();
}
