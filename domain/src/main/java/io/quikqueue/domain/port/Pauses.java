package io.quikqueue.domain.port;

import java.util.List;

/** What is paused. All methods throw {@link UnavailableException}. */
public interface Pauses {

  /** The most there can be. */
  int MOST = 1_000;

  /** Keeps a pause, in place of the one of the same queue or type. */
  void pause(Pause pause);

  /** Ends a pause; false = there was none. */
  boolean resume(Pause.Kind kind, String name);

  /** All pauses, by kind and name; at most {@link #MOST}. */
  List<Pause> inForce();
}
