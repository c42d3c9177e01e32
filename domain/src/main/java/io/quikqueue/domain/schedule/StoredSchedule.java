package io.quikqueue.domain.schedule;

/** A schedule as a store has it, whether or not it can be read. */
public sealed interface StoredSchedule permits Schedule, UnreadableSchedule {

  String name();

  /** Whether a file says what it is, so that clients cannot change it. */
  boolean declared();

  /** Rises with each change of what it is to do. */
  long revision();

  /** Another with each change of anything. */
  long version();
}
