package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How a worker works.
 *
 * @param id unique per process start
 * @param queues the queues it serves; empty = all
 * @param slots jobs it runs at once
 * @param queueSlots how many of them the jobs of one queue may hold
 * @param lanes transactions under way at once that record outcomes; 1 for a store with one writer
 * @param lease how long an attempt stays its own without a sign of life
 * @param stopGrace how long a handler that is asked to stop may go on before it is given up
 * @param maxResult bytes of UTF-8 that a result may have; a longer one fails its job for good
 * @param startsMarked jobs that may have ended a worker before, all those with crashes among them:
 *     they are marked RUNNING before they start, so that a crash is counted however soon it comes
 * @param redaction masks what is secret in errors and notes
 * @param weights by queue, of all queues it serves; empty = these are served in turn
 * @param resolved checks a payload into which results of other nodes were put; throws {@link
 *     io.quikqueue.domain.job.InvalidPayloadException}
 * @param spawner makes nodes of what handlers want to add to the workflows of their jobs
 */
public record WorkerSettings(
    String id,
    Set<String> queues,
    int slots,
    int queueSlots,
    int lanes,
    Duration lease,
    Duration stopGrace,
    int maxResult,
    Predicate<Job> startsMarked,
    Redaction redaction,
    Map<String, Integer> weights,
    Consumer<JobSpec> resolved,
    NodeSpawner spawner) {

  /** What a result may have where nothing else is said. */
  public static final int DEFAULT_MAX_RESULT = 1 << 20;

  /** How long a handler that is asked to stop may go on where nothing else is said. */
  public static final Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(5);

  private static final int ABANDONED_SHARE = 4;

  /** With the default grace and limit of a result. */
  public WorkerSettings(
      String id,
      Set<String> queues,
      int slots,
      int queueSlots,
      int lanes,
      Duration lease,
      Predicate<Job> startsMarked) {
    this(
        id,
        queues,
        slots,
        queueSlots,
        lanes,
        lease,
        DEFAULT_STOP_GRACE,
        DEFAULT_MAX_RESULT,
        startsMarked,
        Redaction.usual(),
        Map.of(),
        _ -> {},
        NodeSpawner.none());
  }

  public WorkerSettings {
    queues = Set.copyOf(queues);
    weights = Map.copyOf(weights);
    if (!weights.isEmpty() && !weights.keySet().equals(queues)) {
      throw new IllegalArgumentException("each queue needs a weight, or none has one");
    }
    if (slots < 1) {
      throw new IllegalArgumentException("a worker needs at least one slot, not " + slots);
    }
    if (queueSlots < 1) {
      throw new IllegalArgumentException("a queue needs at least one slot, not " + queueSlots);
    }
    if (lanes < 1) {
      throw new IllegalArgumentException("a worker needs at least one lane, not " + lanes);
    }
    if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a lease lasts at least a second, not " + lease);
    }
  }

  /**
   * How many handlers that were given up may go on without their slots, a quarter of the slots: so
   * many threads there may be beside those that slots stand for.
   */
  public int mostAbandoned() {
    return (slots + ABANDONED_SHARE - 1) / ABANDONED_SHARE;
  }
}
