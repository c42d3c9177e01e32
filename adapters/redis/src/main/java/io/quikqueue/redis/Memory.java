package io.quikqueue.redis;

import java.util.List;

/**
 * What Redis says of its memory.
 *
 * @param used bytes
 * @param most bytes it may use; 0 = not bounded
 * @param policy what it does when there are no more; empty = not known
 */
record Memory(long used, long most, String policy) {

  static final Memory UNKNOWN = new Memory(0, 0, "");

  /** How many values of a reply it takes. */
  static final int VALUES = 3;

  /** Reads the first values of a reply. */
  static Memory of(List<?> reply) {
    return new Memory(
        (Long) reply.get(0), (Long) reply.get(1), Arguments.text((byte[]) reply.get(2)));
  }

  /**
   * Whether it drops keys of the ready queue when memory is short. The policies that drop only keys
   * with a time to live leave them alone.
   */
  boolean evicts() {
    return policy.startsWith("allkeys-");
  }

  /** Whether it refuses to take more. */
  boolean full() {
    return most > 0 && used >= most;
  }
}
