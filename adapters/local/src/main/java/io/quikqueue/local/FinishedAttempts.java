package io.quikqueue.local;

import io.quikqueue.domain.job.JobId;
import java.util.Arrays;
import java.util.UUID;

/**
 * Remembers for a while which attempts have finished, the oldest going first. A ring of primitive
 * arrays with a hash table over it: as objects they would survive until they are old, and fill the
 * heap with garbage that nothing collects for hours. Not safe for use by several threads.
 */
final class FinishedAttempts {

  private static final int FIRST_SIZE = 1_024;
  private static final int NONE = -1;

  private final int capacity;
  private final long memory;

  /** The ring: its slots hold attempts in the order in which they finished. */
  private long[] high = new long[0];

  private long[] low = new long[0];
  private long[] until = new long[0];
  private int[] attempt = new int[0];
  private int oldest;
  private int size;

  /** The table: slots of ids with the same hash are chained, the latest first. */
  private int[] heads = new int[0];

  private int[] next = new int[0];

  /**
   * @param capacity attempts remembered
   * @param memory nanoseconds for which they are
   */
  FinishedAttempts(int capacity, long memory) {
    this.capacity = capacity;
    this.memory = memory;
  }

  /** The last attempt of the job that is remembered to have finished; 0 = none is. */
  int find(JobId id) {
    if (size == 0) {
      return 0;
    }
    UUID value = id.value();
    long highBits = value.getMostSignificantBits();
    long lowBits = value.getLeastSignificantBits();
    int slot = heads[hash(highBits, lowBits)];
    while (slot != NONE && (low[slot] != lowBits || high[slot] != highBits)) {
      slot = next[slot];
    }
    return slot == NONE ? 0 : attempt[slot];
  }

  /** Remembers an attempt, in place of what is remembered of its job. */
  void add(JobId id, int number, long now) {
    if (size == capacity) {
      removeOldest();
    } else if (size == high.length) {
      grow();
    }
    int slot = (oldest + size) % high.length;
    size++;
    high[slot] = id.value().getMostSignificantBits();
    low[slot] = id.value().getLeastSignificantBits();
    attempt[slot] = number;
    until[slot] = now + memory;
    link(slot);
  }

  /** Forgets the attempts whose time is over. */
  void expire(long now) {
    while (size > 0 && now - until[oldest] >= 0) {
      removeOldest();
    }
  }

  private void link(int slot) {
    int head = hash(high[slot], low[slot]);
    next[slot] = heads[head];
    heads[head] = slot;
  }

  private void removeOldest() {
    int head = hash(high[oldest], low[oldest]);
    if (heads[head] == oldest) {
      heads[head] = next[oldest];
    } else {
      int before = heads[head];
      while (next[before] != oldest) {
        before = next[before];
      }
      next[before] = next[oldest];
    }
    oldest = (oldest + 1) % high.length;
    size--;
  }

  private void grow() {
    int slots = (int) Math.min(capacity, Math.max(FIRST_SIZE, 2L * size));
    high = unrolled(high, slots);
    low = unrolled(low, slots);
    until = unrolled(until, slots);
    int[] numbers = new int[slots];
    System.arraycopy(attempt, oldest, numbers, 0, size - oldest);
    System.arraycopy(attempt, 0, numbers, size - oldest, oldest);
    attempt = numbers;
    oldest = 0;
    next = new int[slots];
    heads = new int[Integer.highestOneBit(slots) * 2];
    Arrays.fill(heads, NONE);
    for (int slot = 0; slot < size; slot++) {
      link(slot);
    }
  }

  /** The ring, which is full, from its oldest slot on. */
  private long[] unrolled(long[] ring, int slots) {
    long[] longer = new long[slots];
    System.arraycopy(ring, oldest, longer, 0, size - oldest);
    System.arraycopy(ring, 0, longer, size - oldest, oldest);
    return longer;
  }

  private int hash(long highBits, long lowBits) {
    long mixed = (highBits ^ lowBits) * 0x9E3779B97F4A7C15L; // Fibonacci hashing, Knuth TAOCP 6.4
    return (int) (mixed >>> 32) & (heads.length - 1);
  }
}
