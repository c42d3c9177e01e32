package io.quikqueue.bench;

import io.quikqueue.bench.Api.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long a measurement takes, and the jobs that it leaves in the deployment: none in queues that
 * are its own.
 */
final class Footprint {

  private static final String KEPT =
      "the deployment deletes them when they have been over for scheduling.retention"
          + " (QQ_RETENTION, 7d by default); nothing else does";

  private final BenchOptions options;
  private final Api api;
  private List<Totals> before = List.of();

  Footprint(BenchOptions options, Api api) {
    this.options = options;
    this.api = api;
  }

  /** What is about to happen, to be told before the first job is submitted. */
  String announced() {
    before = now();
    List<String> parts = new ArrayList<>();
    if (options.figures().contains(Figure.COLD)) {
      parts.add("one round of %d jobs for cold".formatted(options.coldJobs()));
    }
    if (!options.isColdOnly()) {
      parts.add(options.warmUp() + " s of warm-up (--warm-up)");
    }
    if (options.figures().contains(Figure.D)) {
      // One of them is a warm-up.
      parts.add((options.repetitions() + 1) * options.seconds() + " s of figure D");
    }
    if (options.figures().contains(Figure.W)) {
      parts.add(
          "%d chains of %d jobs"
              .formatted(options.repetitions() + Measurement.LEAST_WARM_UPS, options.chainNodes()));
    }
    String rounds =
        options.figures().stream()
            .filter(figure -> !Set.of(Figure.D, Figure.W, Figure.COLD).contains(figure))
            .map(Figure::label)
            .collect(Collectors.joining(", "));
    if (!rounds.isEmpty()) {
      parts.add(
          "at least %d rounds of %d jobs for each of %s"
              .formatted(
                  options.repetitions() + Measurement.LEAST_WARM_UPS, options.jobs(), rounds));
    }
    return "takes %s; jobs go to %s"
        .formatted(String.join(", ", parts), String.join(", ", options.queues()));
  }

  /**
   * Deletes the jobs of the measurement, though none in a queue that had jobs before it, and says
   * what is left then; empty = nothing.
   */
  String cleanUp() {
    long deleted = 0;
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).submitted() == 0) {
        deleted += api.deleteEnded(options.queues().get(i));
      }
    }
    List<Totals> now = now();
    long jobs = sum(now) - sum(before) - deleted;
    if (jobs == 0) {
      return "";
    }
    long unfinished =
        now.stream().mapToLong(totals -> totals.submitted() - totals.finished()).sum();
    return String.format(
        Locale.ROOT,
        "leaves %,d jobs in %s%s: %s",
        jobs,
        String.join(", ", options.queues()),
        unfinished == 0 ? "" : ", %d of them not over yet".formatted(unfinished),
        KEPT);
  }

  private List<Totals> now() {
    return options.queues().stream().map(api::totals).toList();
  }

  private static long sum(List<Totals> totals) {
    return totals.stream().mapToLong(Totals::submitted).sum();
  }
}
