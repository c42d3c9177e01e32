package io.quikqueue.domain.port;

/**
 * A queue that a worker serves in an order of its own.
 *
 * @param weight 1 to {@value #MOST_WEIGHT}: of several queues with jobs, its share of those taken
 */
public record QueueTurn(String queue, int weight) {

  public static final int MOST_WEIGHT = 100;

  public QueueTurn {
    if (weight < 1 || weight > MOST_WEIGHT) {
      throw new IllegalArgumentException(
          "the weight of queue %s must be from 1 to %d, not %d"
              .formatted(queue, MOST_WEIGHT, weight));
    }
  }
}
