package io.quikqueue.domain.usecase.run;

import static java.util.Comparator.comparing;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.QueueTurn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The turns of the queues that a worker serves by weight: start-time fair queueing, as for the
 * groups of a queue ({@link io.quikqueue.domain.limit.Turns}), but of queues of which nobody here
 * knows whether they have jobs. Each job that is taken moves its queue behind, by less when it has
 * more weight; so a queue gets its share also when jobs are taken one by one, and none waits for
 * ever. One that was asked first and gave nothing has nothing to catch up. For one thread.
 */
final class QueueTurns {

  /** Divisible by most weights. */
  private static final long ROUND = 1_000_000;

  private final Map<String, Integer> weights;
  private final Map<String, Long> places = new HashMap<>();

  /**
   * @param weights by queue; empty = queues are not served by weight
   */
  QueueTurns(Map<String, Integer> weights) {
    this.weights = Map.copyOf(weights);
    weights.forEach((queue, weight) -> places.put(queue, ROUND / weight));
  }

  /** The queues in the order of their turns; empty = they are not served by weight. */
  List<QueueTurn> next() {
    if (weights.isEmpty()) {
      return List.of();
    }
    return weights.entrySet().stream()
        .sorted(
            comparing((Map.Entry<String, Integer> each) -> place(each.getKey()))
                .thenComparing(Map.Entry::getKey))
        .map(each -> new QueueTurn(each.getKey(), each.getValue()))
        .toList();
  }

  /** These jobs were taken, in answer to the turns told last. */
  void took(List<Job> taken) {
    if (weights.isEmpty() || taken.isEmpty()) {
      return;
    }
    long now = Long.MAX_VALUE;
    for (Job job : taken) {
      now = Math.min(now, place(job.spec().queue()));
    }
    for (Map.Entry<String, Long> each : places.entrySet()) {
      each.setValue(Math.max(each.getValue(), now)); // those before it had no jobs
    }
    for (Job job : taken) {
      String queue = job.spec().queue();
      places.computeIfPresent(queue, (_, place) -> place + step(queue));
    }
  }

  private long place(String queue) {
    return places.getOrDefault(queue, 0L);
  }

  private long step(String queue) {
    return ROUND / weights.getOrDefault(queue, 1);
  }
}
