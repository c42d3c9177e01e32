package io.quikqueue.domain.limit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which jobs may start, by how many run and how many have started of each queue, type and
 * group that has limits. All times are monotonic nanoseconds. Not safe for use by several threads.
 */
public final class Throttle {

  /** A wait that ends with an attempt, not at a time. */
  public static final long UNTIL_ONE_ENDS = Long.MAX_VALUE;

  private static final int FEW_GROUPS = 1_024;

  private final Map<String, Usage> queues = new HashMap<>();
  private final Map<String, Usage> types = new HashMap<>();
  private final Map<GroupOfQueue, Usage> groups = new HashMap<>();
  private final Closings closings;
  private LimitTable table = LimitTable.EMPTY;
  private int groupsAfterSweep;

  /** Null = all that runs is known. */
  private @Nullable Long knownFrom;

  private record GroupOfQueue(String queue, String group) {}

  /** How much of a limit is used. */
  private static final class Usage {
    final TokenBucket tokens = new TokenBucket();
    int running;

    boolean unused(@Nullable Rate rate, long now) {
      return running == 0 && (rate == null || tokens.isFull(rate, now));
    }
  }

  /**
   * @param mostClosed destinations that are closed at once
   */
  public Throttle(int mostClosed) {
    this.closings = new Closings(mostClosed);
  }

  /** Whether nothing is limited, and no destination is closed. */
  public boolean isOpen() {
    return table.isEmpty() && closings.isEmpty();
  }

  /** The destinations that are closed; those that are groups start nothing. */
  public Closings closings() {
    return closings;
  }

  /** The limits in force. */
  public LimitTable table() {
    return table;
  }

  /** Whether a queue's jobs may have to wait for a limit of it, or of a group in it. */
  public boolean limits(String queue) {
    return table.ofQueue(queue).concernStarts();
  }

  /**
   * Puts limits in force. What runs is to be counted anew, by {@link #counted} for each. A bucket
   * has as many tokens less than it may have as before.
   */
  public void apply(LimitTable limits, long now) {
    LimitTable before = table;
    table = limits;
    queues.forEach(
        (queue, usage) ->
            usage.tokens.change(before.ofQueue(queue).rate(), limits.ofQueue(queue).rate(), now));
    types.forEach(
        (type, usage) ->
            usage.tokens.change(before.ofType(type).rate(), limits.ofType(type).rate(), now));
    groups.forEach(
        (key, usage) ->
            usage.tokens.change(
                before.ofQueue(key.queue()).ratePerGroup(),
                limits.ofQueue(key.queue()).ratePerGroup(),
                now));
    queues.values().forEach(usage -> usage.running = 0);
    types.values().forEach(usage -> usage.running = 0);
    groups.values().forEach(usage -> usage.running = 0);
    queues.keySet().retainAll(limits.queues().keySet());
    types.keySet().retainAll(limits.types().keySet());
    groups.keySet().removeIf(key -> !limits.queues().containsKey(key.queue()));
  }

  /**
   * Until that time attempts may run that are not counted, so that nothing starts that has a limit
   * of concurrency.
   */
  public void distrustUntil(long time) {
    knownFrom = time;
  }

  /** How long the queue's next job has to wait for the queue's own limits; 0 = not at all. */
  public long waitOfQueue(String queue, int cost, long now) {
    Limits limits = table.queues().get(queue);
    return limits == null
        ? 0
        : wait(limits.concurrency(), limits.rate(), queues.get(queue), cost, now);
  }

  /** How long a job of the type has to wait for the type's limits; 0 = not at all. */
  public long waitOfType(String type, int cost, long now) {
    Limits limits = table.types().get(type);
    return limits == null
        ? 0
        : wait(limits.concurrency(), limits.rate(), types.get(type), cost, now);
  }

  /**
   * How long a job has to wait for the limits of its group; 0 = not at all, as is every job without
   * a group. A group that is paused waits until other limits are put in force.
   */
  public long waitOfGroup(String queue, @Nullable String group, int cost, long now) {
    if (group != null && table.isPaused(queue, group)) {
      return UNTIL_ONE_ENDS;
    }
    if (group != null && !closings.isEmpty()) {
      long closed = closings.waitOf(Destination.group(queue, group), now);
      if (closed > 0) {
        return closed;
      }
    }
    Limits limits = group == null ? null : table.queues().get(queue);
    if (limits == null || limits.concurrencyPerGroup() == null && limits.ratePerGroup() == null) {
      return 0;
    }
    Usage usage = groups.get(new GroupOfQueue(queue, Objects.requireNonNull(group)));
    return wait(limits.concurrencyPerGroup(), limits.ratePerGroup(), usage, cost, now);
  }

  private long wait(
      @Nullable Integer concurrency,
      @Nullable Rate rate,
      @Nullable Usage usage,
      int cost,
      long now) {
    if (concurrency != null && usage != null && usage.running >= concurrency) {
      return UNTIL_ONE_ENDS;
    }
    long wait = concurrency == null ? 0 : untilKnown(now);
    return rate == null || usage == null
        ? wait
        : Math.max(wait, usage.tokens.wait(rate, cost, now));
  }

  private long untilKnown(long now) {
    Long from = knownFrom;
    if (from == null) {
      return 0;
    }
    if (from - now <= 0) {
      knownFrom = null;
      return 0;
    }
    return from - now;
  }

  /** How much is used of the limits of a queue. */
  public Optional<LimitUse> useOfQueue(String queue, int cost, long now) {
    Limits limits = table.queues().get(queue);
    return limits == null
        ? Optional.empty()
        : use(limits.concurrency(), limits.rate(), queues.get(queue), cost, now);
  }

  /** How much is used of the limits of a type. */
  public Optional<LimitUse> useOfType(String type, int cost, long now) {
    Limits limits = table.types().get(type);
    return limits == null
        ? Optional.empty()
        : use(limits.concurrency(), limits.rate(), types.get(type), cost, now);
  }

  /** How much is used of the limits of a group. */
  public Optional<LimitUse> useOfGroup(String queue, @Nullable String group, int cost, long now) {
    Limits limits = group == null ? null : table.queues().get(queue);
    if (limits == null) {
      return Optional.empty();
    }
    Usage usage = groups.get(new GroupOfQueue(queue, Objects.requireNonNull(group)));
    return use(limits.concurrencyPerGroup(), limits.ratePerGroup(), usage, cost, now);
  }

  private Optional<LimitUse> use(
      @Nullable Integer concurrency,
      @Nullable Rate rate,
      @Nullable Usage usage,
      int cost,
      long now) {
    if (concurrency == null && rate == null) {
      return Optional.empty();
    }
    Duration tokensIn = rate == null ? null : Duration.ofNanos(wait(null, rate, usage, cost, now));
    int running = usage == null ? 0 : usage.running;
    return Optional.of(new LimitUse(running, concurrency, tokensIn));
  }

  /** Counts an attempt as running, whatever its limits say. */
  public void counted(String queue, String type, @Nullable String group) {
    count(queue, type, group, 1);
  }

  /** Counts an attempt as running, and takes its tokens. */
  public void started(String queue, String type, @Nullable String group, int cost, long now) {
    count(queue, type, group, 1);
    Limits ofQueue = table.queues().get(queue);
    if (ofQueue != null) {
      spend(ofQueue.rate(), queues.get(queue), cost, now);
      if (group != null) {
        spend(ofQueue.ratePerGroup(), groups.get(new GroupOfQueue(queue, group)), cost, now);
      }
    }
    Limits ofType = table.types().get(type);
    if (ofType != null) {
      spend(ofType.rate(), types.get(type), cost, now);
    }
    sweep(now);
  }

  /** Counts an attempt as running no longer; whether another may start by it. */
  public boolean ended(String queue, String type, @Nullable String group) {
    count(queue, type, group, -1);
    return limits(queue) || table.types().containsKey(type);
  }

  private void count(String queue, String type, @Nullable String group, int change) {
    if (table.queues().containsKey(queue)) {
      usage(queues, queue).running += change;
      if (group != null) {
        usage(groups, new GroupOfQueue(queue, group)).running += change;
      }
    }
    if (table.types().containsKey(type)) {
      usage(types, type).running += change;
    }
  }

  private static <K> Usage usage(Map<K, Usage> usages, K key) {
    return usages.computeIfAbsent(key, _ -> new Usage());
  }

  private static void spend(@Nullable Rate rate, @Nullable Usage usage, int cost, long now) {
    if (rate != null && usage != null) {
      usage.tokens.take(rate, cost, now);
    }
  }

  /** Forgets groups of which nothing runs and whose bucket is full; now and then. */
  private void sweep(long now) {
    if (groups.size() > FEW_GROUPS + 2 * groupsAfterSweep) {
      groups
          .entrySet()
          .removeIf(
              each ->
                  each.getValue().unused(table.ofQueue(each.getKey().queue()).ratePerGroup(), now));
      groupsAfterSweep = groups.size();
    }
  }
}
