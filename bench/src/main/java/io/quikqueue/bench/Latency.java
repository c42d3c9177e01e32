package io.quikqueue.bench;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Latencies in nanoseconds, to three digits, up to an hour. */
final class Latency {

  private static final long MOST = TimeUnit.HOURS.toNanos(1);

  private Latency() {}

  static Histogram histogram() {
    return new Histogram(1, MOST, 3);
  }

  /** Below 0 counts as 0, above an hour as an hour. */
  static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.clamp(nanos, 0, MOST));
  }

  /** Adds percentiles in milliseconds, each named after the prefix; none of an empty histogram. */
  static void put(String prefix, Histogram histogram, Map<String, Double> into) {
    if (histogram.getTotalCount() == 0) {
      return;
    }
    into.put(prefix + "_ms_p50", histogram.getValueAtPercentile(50) / 1e6);
    into.put(prefix + "_ms_p99", histogram.getValueAtPercentile(99) / 1e6);
    into.put(prefix + "_ms_p999", histogram.getValueAtPercentile(99.9) / 1e6);
    into.put(prefix + "_ms_max", histogram.getMaxValue() / 1e6);
  }
}
