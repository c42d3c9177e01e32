package io.quikqueue.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The queues whose jobs wait in Kafka until the ready queue has room. For one thread. */
final class FullQueues {

  private final String prefix;
  private final long lowWater;
  private final Map<String, String> queueByTopic = new HashMap<>();

  /**
   * @param lowWater a queue has room when fewer jobs than this are ready
   */
  FullQueues(String prefix, long lowWater) {
    this.prefix = prefix;
    this.lowWater = lowWater;
  }

  void add(Set<String> queues) {
    queues.forEach(queue -> queueByTopic.put(Topics.ofQueue(prefix, queue), queue));
  }

  /** Drops the queues that have room again. */
  void drain(Map<String, Long> depth) {
    queueByTopic.values().removeIf(queue -> depth.getOrDefault(queue, 0L) < lowWater);
  }

  boolean holds(String topic) {
    return queueByTopic.containsKey(topic);
  }

  boolean isEmpty() {
    return queueByTopic.isEmpty();
  }
}
