package io.quikqueue.bench;

import io.quikqueue.bench.Submitter.Load;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Measures the wanted figures one after the other, after a warm-up of the whole and one of each
 * that do not count.
 */
final class Measurement {

  /** Rounds of a figure's warm-up at most. */
  private static final int MOST_WARM_UPS = 10;

  /** A warm-up is over after so many rounds of which none was faster than the best before. */
  private static final int STEADY = 2;

  /** The first round is the best so far. */
  static final int LEAST_WARM_UPS = STEADY + 1;

  private final BenchOptions options;
  private final Rounds rounds;
  private final PrintStream progress;
  private final Map<Figure, List<Repetition>> results = new EnumMap<>(Figure.class);

  /**
   * @param progress told what is being measured
   */
  Measurement(BenchOptions options, Rounds rounds, PrintStream progress) {
    this.options = options;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** All repetitions by figure; those of a run that ends with an exception are kept, too. */
  Map<Figure, List<Repetition>> results() {
    return results;
  }

  /** Throws a BenchException when the deployment cannot be measured or loses jobs. */
  void run() {
    if (wanted(Figure.COLD)) {
      progress.println("cold");
      results.put(Figure.COLD, List.of(rounds.both(rounds.singles(options.coldJobs()))));
    }
    if (!options.isColdOnly()) {
      compileAll();
    }
    if (wanted(Figure.A1)) {
      double seconds = warmUp(Figure.A1, rounds.singles());
      repeat(Figure.A1, () -> rounds.held(rounds.singles(), seconds, Figure.A1, null));
    }
    if (wanted(Figure.A2) || wanted(Figure.B)) {
      Figure accepting = wanted(Figure.A2) ? Figure.A2 : null;
      Figure finishing = wanted(Figure.B) ? Figure.B : null;
      Figure shown = accepting == null ? Figure.B : accepting;
      double seconds = warmUp(shown, rounds.batches());
      repeat(shown, () -> rounds.held(rounds.batches(), seconds, accepting, finishing));
    }
    if (wanted(Figure.C)) {
      warmUp(Figure.C, rounds.singles());
      repeat(Figure.C, () -> Map.of(Figure.C, rounds.both(rounds.singles())));
    }
    if (wanted(Figure.C_BULK)) {
      warmUp(Figure.C_BULK, rounds.batches());
      repeat(Figure.C_BULK, () -> Map.of(Figure.C_BULK, rounds.both(rounds.batches())));
    }
    if (wanted(Figure.H)) {
      measureCalls();
    }
    if (wanted(Figure.W)) {
      for (int i = 1; i <= LEAST_WARM_UPS; i++) {
        progress.println("W: warm-up %d".formatted(i));
        rounds.chain();
      }
      repeat(Figure.W, () -> Map.of(Figure.W, rounds.chain()));
    }
    if (wanted(Figure.D)) {
      progress.println("D: warm-up");
      rounds.steady(rounds.steady());
      repeat(Figure.D, () -> Map.of(Figure.D, rounds.steady(rounds.steady())));
    }
  }

  private void measureCalls() {
    try (Endpoint endpoint = Endpoint.listen(options.endpoint())) {
      Load calls = rounds.calls(endpoint.url());
      warmUp(Figure.H, calls);
      repeat(Figure.H, () -> Map.of(Figure.H, rounds.both(calls)));
    }
  }

  /** Load of both kinds for as long as was asked for: the JVMs compile what they run most. */
  private void compileAll() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.warmUp());
    for (int i = 1; System.nanoTime() - end < 0; i++) {
      progress.println("warm-up %d".formatted(i));
      rounds.both(rounds.singles());
      rounds.both(rounds.batches());
    }
  }

  private boolean wanted(Figure figure) {
    return options.figures().contains(figure);
  }

  /**
   * Submits and finishes as many jobs as will be measured, again and again until that gets no
   * faster; returns the seconds that the submits take.
   */
  private double warmUp(Figure figure, Load load) {
    double best = 0;
    int steady = 0;
    for (int i = 1; i <= MOST_WARM_UPS && steady < STEADY; i++) {
      progress.println("%s: warm-up %d".formatted(figure.label(), i));
      double rate = rounds.both(load).values().getOrDefault("accepted_per_s", 0.0);
      steady = rate > best ? 0 : steady + 1;
      best = Math.max(best, rate);
    }
    return best == 0 ? 0 : load.requests() * (double) load.jobsEach() / best;
  }

  private void repeat(Figure shown, Supplier<Map<Figure, Repetition>> round) {
    for (int i = 1; i <= options.repetitions(); i++) {
      progress.println("%s: %d of %d".formatted(shown.label(), i, options.repetitions()));
      round
          .get()
          .forEach(
              (figure, repetition) ->
                  results.computeIfAbsent(figure, _ -> new ArrayList<>()).add(repetition));
    }
  }
}
