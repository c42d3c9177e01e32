package io.quikqueue.domain.limit;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a queue, or of a type over all queues, which has {@code concurrency} and {@code
 * rate} only. Null = no such limit.
 *
 * @param concurrency how many run at once, over all workers
 * @param concurrencyPerGroup how many of each group do
 * @param rate how many start in a time
 * @param ratePerGroup how many of each group do
 * @param maxWaiting how many wait at most; more are refused
 * @param maxWaitingPerGroup how many of each group do
 * @param onLimit what becomes of a new job when as many wait as may
 * @param retention how long and how many of its jobs are kept that have ended
 * @param weights how many turns groups have where others have one, 1 to 100; at most 1,000
 */
public record Limits(
    @Nullable Integer concurrency,
    @Nullable Integer concurrencyPerGroup,
    @Nullable Rate rate,
    @Nullable Rate ratePerGroup,
    @Nullable Integer maxWaiting,
    @Nullable Integer maxWaitingPerGroup,
    OnLimit onLimit,
    Retention retention,
    Map<String, Integer> weights) {

  /** No limits at all. */
  public static final Limits NONE = new Limits(null, null, null, null, null, null, Map.of());

  /** The most that may run or wait. */
  public static final int MOST = 1_000_000_000;

  private static final int SMALLEST_WINDOW = 64;
  private static final int LARGEST_WINDOW = 4_096;

  public static final int MOST_WEIGHT = 100;
  public static final int MOST_WEIGHTS = 1_000;

  /** More than may wait are refused. */
  public Limits(
      @Nullable Integer concurrency,
      @Nullable Integer concurrencyPerGroup,
      @Nullable Rate rate,
      @Nullable Rate ratePerGroup,
      @Nullable Integer maxWaiting,
      @Nullable Integer maxWaitingPerGroup,
      Map<String, Integer> weights) {
    this(
        concurrency,
        concurrencyPerGroup,
        rate,
        ratePerGroup,
        maxWaiting,
        maxWaitingPerGroup,
        OnLimit.WAIT,
        Retention.USUAL,
        weights);
  }

  /** Jobs that have ended are kept as all are. */
  public Limits(
      @Nullable Integer concurrency,
      @Nullable Integer concurrencyPerGroup,
      @Nullable Rate rate,
      @Nullable Rate ratePerGroup,
      @Nullable Integer maxWaiting,
      @Nullable Integer maxWaitingPerGroup,
      OnLimit onLimit,
      Map<String, Integer> weights) {
    this(
        concurrency,
        concurrencyPerGroup,
        rate,
        ratePerGroup,
        maxWaiting,
        maxWaitingPerGroup,
        onLimit,
        Retention.USUAL,
        weights);
  }

  public Limits {
    requireCount(concurrency, "concurrency");
    requireCount(concurrencyPerGroup, "concurrency_per_group");
    requireCount(maxWaiting, "max_waiting");
    requireCount(maxWaitingPerGroup, "max_waiting_per_group");
    require(
        onLimit == OnLimit.WAIT || maxWaiting != null || maxWaitingPerGroup != null,
        "on_limit",
        "needs max_waiting or max_waiting_per_group");
    require(weights.size() <= MOST_WEIGHTS, "weights", "must be at most 1000");
    weights.forEach(
        (group, weight) -> {
          require(JobSpec.isGroup(group), "weights", "must have names that a group can have");
          require(
              weight >= 1 && weight <= MOST_WEIGHT, "weights." + group, "must be from 1 to 100");
        });
    weights = Map.copyOf(weights);
  }

  /** No limits but that of what is kept. */
  public static Limits of(Retention retention) {
    return new Limits(null, null, null, null, null, null, OnLimit.WAIT, retention, Map.of());
  }

  /** Whether they may keep a job that is ready from being started, or say in which turn it is. */
  public boolean concernStarts() {
    return concurrency != null || rate != null || isByGroup() || !weights.isEmpty();
  }

  /** Whether a group can be at a limit of its own. */
  public boolean isByGroup() {
    return concurrencyPerGroup != null || ratePerGroup != null;
  }

  /**
   * How many ready jobs of a group are kept at hand where each group has limits; the rest of a
   * longer line is parked. A few times what the group may run or start at once.
   */
  public int window() {
    Integer running = concurrencyPerGroup;
    Rate starting = ratePerGroup;
    int atOnce = running != null ? running : starting != null ? starting.burst() : 1;
    return Math.clamp(4L * atOnce, SMALLEST_WINDOW, LARGEST_WINDOW);
  }

  /**
   * The same where many groups share the room that a queue has.
   *
   * @param room for ready jobs of the queue
   * @param groups that have ready jobs
   */
  public int window(long room, long groups) {
    return (int) Math.clamp(room / 2 / Math.max(1, groups), 2, window());
  }

  /** How many turns the group has where others have one. */
  public int weight(String group) {
    return weights.getOrDefault(group, 1);
  }

  private static void requireCount(@Nullable Integer count, String field) {
    require(count == null || count >= 1 && count <= MOST, field, "must be from 1 to " + MOST);
  }

  static void require(boolean valid, String field, String problem) {
    if (!valid) {
      throw new InvalidFieldException(field, problem);
    }
  }
}
