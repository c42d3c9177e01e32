package io.quikqueue.domain.usecase.stats;

import io.quikqueue.domain.stats.DurationHistogram;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What happened in this process in the present minute and in those that are not stored yet. Of many
 * queues and types the first five hundred in a minute have counts of their own. Counting never
 * blocks; the rest is for one thread.
 */
final class MinuteTallies {

  private static final int MOST_NAMES = 500;

  /** While the store is away for longer, the oldest are given up. */
  private static final int MOST_MINUTES = 60;

  private volatile Minute current = new Minute();
  private final Deque<Minute> past = new ArrayDeque<>();

  private static final class Minute {

    @Nullable Instant start;
    final Tally all = new Tally();
    final Map<String, Tally> queues = new ConcurrentHashMap<>();
    final Map<String, Tally> types = new ConcurrentHashMap<>();
    final Map<StatsScope, JobCounts> stored = new HashMap<>();

    private static @Nullable Tally of(Map<String, Tally> tallies, String name) {
      Tally tally = tallies.get(name);
      return tally != null || tallies.size() >= MOST_NAMES
          ? tally
          : tallies.computeIfAbsent(name, _ -> new Tally());
    }

    Map<StatsScope, JobCounts> counts() {
      Map<StatsScope, JobCounts> counts = new HashMap<>();
      counts.put(StatsScope.ALL, all.counts());
      queues.forEach((name, tally) -> counts.put(StatsScope.queue(name), tally.counts()));
      types.forEach((name, tally) -> counts.put(StatsScope.type(name), tally.counts()));
      counts.entrySet().removeIf(each -> each.getValue().equals(JobCounts.NONE));
      return counts;
    }
  }

  private static final class Tally {

    final LongAdder submitted = new LongAdder();
    final LongAdder done = new LongAdder();
    final LongAdder failedAttempts = new LongAdder();
    final LongAdder failed = new LongAdder();
    final AtomicLongArray waits = new AtomicLongArray(DurationHistogram.CELLS);
    final AtomicLongArray runs = new AtomicLongArray(DurationHistogram.CELLS);

    JobCounts counts() {
      return new JobCounts(
          submitted.sum(),
          done.sum(),
          failedAttempts.sum(),
          failed.sum(),
          histogram(waits),
          histogram(runs));
    }

    private static DurationHistogram histogram(AtomicLongArray counts) {
      long[] copy = new long[counts.length()];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = counts.get(i);
      }
      return DurationHistogram.of(copy);
    }
  }

  void submitted(String queue, int jobs) {
    Minute minute = current;
    minute.all.submitted.add(jobs);
    Tally ofQueue = Minute.of(minute.queues, queue);
    if (ofQueue != null) {
      ofQueue.submitted.add(jobs);
    }
  }

  void ran(String queue, String type, String outcome, Duration waited, Duration ran) {
    boolean isDone = outcome.equals("done");
    if (!isDone && !outcome.equals("failed")) {
      return; // it is tried again as if it had not been
    }
    int waitCell = DurationHistogram.cell(waited);
    int runCell = DurationHistogram.cell(ran);
    Minute minute = current;
    ended(minute.all, isDone, waitCell, runCell);
    ended(Minute.of(minute.queues, queue), isDone, waitCell, runCell);
    ended(Minute.of(minute.types, type), isDone, waitCell, runCell);
  }

  private static void ended(@Nullable Tally tally, boolean isDone, int waitCell, int runCell) {
    if (tally != null) {
      (isDone ? tally.done : tally.failedAttempts).increment();
      tally.waits.incrementAndGet(waitCell);
      tally.runs.incrementAndGet(runCell);
    }
  }

  void failed(String queue, String type) {
    Minute minute = current;
    minute.all.failed.increment();
    Tally ofQueue = Minute.of(minute.queues, queue);
    if (ofQueue != null) {
      ofQueue.failed.increment();
    }
    Tally ofType = Minute.of(minute.types, type);
    if (ofType != null) {
      ofType.failed.increment();
    }
  }

  /** What is not stored as it now is, of this minute and those before. */
  List<MinuteCounts> unstored(Instant now, String process) {
    Instant start = now.truncatedTo(ChronoUnit.MINUTES);
    Minute latest = current;
    if (latest.start == null) {
      latest.start = start;
    } else if (start.isAfter(latest.start)) {
      past.add(latest);
      Minute next = new Minute();
      next.start = start;
      current = next;
      if (past.size() > MOST_MINUTES) {
        past.remove();
      }
    }
    List<MinuteCounts> unstored = new ArrayList<>();
    past.forEach(minute -> add(minute, process, unstored));
    add(current, process, unstored);
    return unstored;
  }

  private static void add(Minute minute, String process, List<MinuteCounts> to) {
    Instant start = minute.start;
    if (start != null) {
      minute
          .counts()
          .forEach(
              (scope, counts) -> {
                if (!counts.equals(minute.stored.get(scope))) {
                  to.add(new MinuteCounts(scope, start, process, counts));
                }
              });
    }
  }

  /** These were stored. A minute that is over is looked at once more, for who counted late. */
  void stored(List<MinuteCounts> counts) {
    past.removeIf(minute -> counts.stream().noneMatch(each -> isOf(minute, each)));
    past.forEach(minute -> note(minute, counts));
    note(current, counts);
  }

  private static void note(Minute minute, List<MinuteCounts> counts) {
    for (MinuteCounts each : counts) {
      if (isOf(minute, each)) {
        minute.stored.put(each.scope(), each.counts());
      }
    }
  }

  private static boolean isOf(Minute minute, MinuteCounts counts) {
    return counts.minute().equals(minute.start);
  }
}
