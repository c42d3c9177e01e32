package io.quikqueue.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs many histories, and makes a failing one short. */
final class Histories {

  private static final int SHRINK_RUNS = 2_000;

  private Histories() {}

  /**
   * A history that broke a promise.
   *
   * @param steps those of its steps that are needed for it
   */
  record Failing(long seed, int[] steps, Broken broken, Throwable why) {

    /** The seed, the steps and the broken promise. */
    String summary() {
      return "seed %d, steps %s: %s".formatted(seed, Arrays.toString(steps), why);
    }

    /** What happened, call by call. */
    List<String> story() {
      List<String> lines = new ArrayList<>();
      Throwable again = failure(seed, steps, broken, lines);
      lines.add(String.valueOf(again));
      return lines;
    }
  }

  /** The first of these histories that fails, made short; empty when none does. */
  static Optional<Failing> firstFailing(long from, long count, Broken broken)
      throws InterruptedException, ExecutionException {
    AtomicLong next = new AtomicLong(from);
    NavigableMap<Long, Failing> found = new ConcurrentSkipListMap<>();
    Runnable search =
        () -> {
          long seed = next.getAndIncrement();
          while (seed - from < count && found.isEmpty()) {
            failing(seed, broken).ifPresent(failing -> found.put(failing.seed(), failing));
            seed = next.getAndIncrement();
          }
        };
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<?> each :
          executor.invokeAll(Collections.nCopies(threads, Executors.callable(search)))) {
        each.get();
      }
    }
    return found.values().stream().findFirst().map(Histories::shrunk);
  }

  private static Optional<Failing> failing(long seed, Broken broken) {
    Simulation simulation = new Simulation(seed, broken, null);
    int[] steps = IntStream.range(0, simulation.length()).toArray();
    Throwable why = failure(simulation, steps);
    return why == null ? Optional.empty() : Optional.of(new Failing(seed, steps, broken, why));
  }

  static @Nullable Throwable failure(
      long seed, int[] steps, Broken broken, @Nullable List<String> lines) {
    return failure(new Simulation(seed, broken, lines == null ? null : lines::add), steps);
  }

  private static @Nullable Throwable failure(Simulation simulation, int[] steps) {
    try {
      simulation.run(steps);
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }

  /** Leaves out ever smaller parts as long as the history still fails. */
  private static Failing shrunk(Failing failing) {
    int[] steps = failing.steps();
    Throwable why = failing.why();
    int runs = 0;
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (int size = Math.max(1, steps.length / 2); size > 0; size /= 2) {
        int from = 0;
        while (from < steps.length && runs < SHRINK_RUNS) {
          int[] fewer = without(steps, from, size);
          Throwable still = failure(failing.seed(), fewer, failing.broken(), null);
          runs++;
          if (still == null) {
            from += size;
          } else {
            steps = fewer;
            why = still;
            shorter = true;
          }
        }
      }
    }
    return new Failing(failing.seed(), steps, failing.broken(), why);
  }

  private static int[] without(int[] steps, int from, int size) {
    return IntStream.range(0, steps.length)
        .filter(i -> i < from || i >= from + size)
        .map(i -> steps[i])
        .toArray();
  }
}
