package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.limits.Samples.Row;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Takes samples once a second until closed. A figure that cannot be had is left out. */
final class Sampler implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Samples samples = new Samples();
  private final Map<String, DoubleSupplier> figures = new LinkedHashMap<>();
  private final Map<App, Integer> watched = new LinkedHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("sampler").factory());
  private final long begun = System.nanoTime();
  private Map<App, Long> heaps = Map.of();

  /**
   * Adds memory and heap of a process, as long as it runs. To be called before {@link #start}.
   *
   * @param heapMb what the launcher gives it
   */
  Sampler watch(App app, int heapMb) {
    watched.put(app, heapMb);
    add(rss(app), () -> app.usage().rssMb());
    add(
        app.name() + " heap MB",
        () -> app.metrics().sum("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20));
    return this;
  }

  /** Adds a figure. To be called before {@link #start}. */
  Sampler add(String name, DoubleSupplier figure) {
    figures.put(name, figure);
    return this;
  }

  Sampler start() {
    clock.scheduleAtFixedRate(this::take, 0, 1, TimeUnit.SECONDS);
    return this;
  }

  /** Notes in the samples that something begins now. */
  void mark(String what) {
    samples.mark(what, Backlog.seconds(begun));
  }

  Samples samples() {
    return samples;
  }

  /** Remembers the heap in use of each process that runs. */
  void noteHeaps() {
    heaps = heapsNow();
  }

  /**
   * Requires that no heap in use is larger than when it was noted; at one of several looks, since
   * what is made between a collection and the look counts, and a slow machine makes more of it.
   */
  void requireNoGrowth(Report report) {
    heaps.forEach(
        (app, before) ->
            await("no growth")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(
                    () -> {
                      long heap = app.usage().heapAfterGcMb();
                      report.say(
                          "%s: %d MB of heap in use at %d jobs, %d MB at %d",
                          app.name(), before, Size.EARLY, heap, Size.JOBS);
                      assertThat(heap)
                          .as(app.name() + " heap")
                          .isLessThanOrEqualTo(before + Size.HEAP_MARGIN_MB);
                    }));
  }

  /** Requires that no process ever took up more than its heap and what a JVM needs beside it. */
  void requireBounded(Report report) {
    watched.forEach(
        (app, heap) -> {
          double most = samples.max(rss(app)).orElseThrow();
          report.say("%s: %.0f MB of memory at most, with a heap of %d MB", app.name(), most, heap);
          assertThat(most).as(rss(app)).isLessThanOrEqualTo(heap + Size.OVERHEAD_MB);
        });
  }

  private Map<App, Long> heapsNow() {
    Map<App, Long> now = new LinkedHashMap<>();
    watched.keySet().stream()
        .filter(App::isAlive)
        .forEach(app -> now.put(app, app.usage().heapAfterGcMb()));
    return now;
  }

  private static String rss(App app) {
    return app.name() + " RSS MB";
  }

  private void take() {
    double now = Backlog.seconds(begun);
    Map<String, Double> values = new LinkedHashMap<>();
    figures.forEach(
        (name, figure) -> {
          try {
            values.put(name, figure.getAsDouble());
          } catch (RuntimeException | AssertionError e) {
            // Not there at the moment: not started, starting, or killed.
          }
        });
    samples.add(new Row(now, values));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
