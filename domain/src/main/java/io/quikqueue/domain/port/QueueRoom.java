package io.quikqueue.domain.port;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many jobs of each queue a worker has room for.
 *
 * @param most jobs of one queue at once
 * @param held how many it has of each queue; absent = none
 */
public record QueueRoom(int most, Map<String, Integer> held) {

  /** Room for any number of jobs of each queue. */
  public static final QueueRoom UNLIMITED = new QueueRoom(Integer.MAX_VALUE, Map.of());

  public QueueRoom {
    if (most < 1) {
      throw new IllegalArgumentException("there is room for a job of each queue, not for " + most);
    }
    held = Map.copyOf(held);
  }

  /** The same, without room for any job of these queues. */
  public QueueRoom without(Set<String> queues) {
    if (queues.isEmpty()) {
      return this;
    }
    Map<String, Integer> full = new HashMap<>(held);
    queues.forEach(queue -> full.put(queue, most));
    return new QueueRoom(most, full);
  }

  /** How many more jobs of the queue there is room for, at least 0. */
  public int of(String queue) {
    return Math.max(0, most - held.getOrDefault(queue, 0));
  }
}
