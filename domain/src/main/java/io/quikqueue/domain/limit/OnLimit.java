package io.quikqueue.domain.limit;

/** What becomes of a new job when as many wait as may. */
public enum OnLimit {
  /** It is refused, and whoever submits it waits. */
  WAIT,
  /** It is stored as CANCELLED. */
  DROP_NEW,
  /** It is stored, and the oldest that wait are CANCELLED. */
  CANCEL_OLDEST
}
