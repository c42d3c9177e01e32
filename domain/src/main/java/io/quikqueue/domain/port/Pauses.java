package io.quikqueue.domain.port;

import java.util.List;

/**
 * What is paused. The pauses of groups are part of {@link LimitStore#table}, whose version each
 * change of them raises. All methods throw {@link UnavailableException}.
 */
public interface Pauses {

  /** The most there can be. */
  int MOST = 1_000;

  /** Keeps a pause, in place of the one of the same queue, type or group. */
  void pause(Pause pause);

  /** Ends a pause; false = there was none. */
  boolean resume(PauseKey key);

  /** All pauses, by kind, queue and name; at most {@link #MOST}. */
  List<Pause> inForce();
}
