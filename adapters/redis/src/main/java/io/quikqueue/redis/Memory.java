package io.quikqueue.redis;

/**
 * What Redis says of its memory.
 *
 * @param used bytes
 * @param most bytes it may use; 0 = not bounded
 * @param policy what it does when there are no more; empty = not known
 */
record Memory(long used, long most, String policy) {

  static final Memory UNKNOWN = new Memory(0, 0, "");

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
