package io.quikqueue.domain.stats;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many of some durations lie within bounds of 1, 2, 5, 10, … milliseconds up to 5,000 seconds,
 * and beyond. Two are added without loss; quantiles are interpolated within the bounds.
 */
public final class DurationHistogram {

  private static final long[] BOUNDS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
    200_000, 500_000, 1_000_000, 2_000_000, 5_000_000
  };

  /** How many counts there are: one for each bound, and one beyond. */
  public static final int CELLS = BOUNDS.length + 1;

  /** None. */
  public static final DurationHistogram EMPTY = new DurationHistogram(new long[CELLS]);

  private final long[] counts;

  private DurationHistogram(long[] counts) {
    this.counts = counts;
  }

  /**
   * The counts as {@link #cell} numbers them.
   *
   * @param counts at most {@link #CELLS}, none negative; those left out are 0
   */
  public static DurationHistogram of(long... counts) {
    if (counts.length > CELLS || Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("no counts of durations: " + Arrays.toString(counts));
    }
    return new DurationHistogram(Arrays.copyOf(counts, CELLS));
  }

  /** Where a duration is counted; one below zero counts as zero. */
  public static int cell(Duration duration) {
    long millis = Math.ceilDiv(Math.max(0, nanos(duration)), 1_000_000);
    int found = Arrays.binarySearch(BOUNDS, millis);
    return found >= 0 ? found : -found - 1;
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofDays(365)) > 0
        ? Duration.ofDays(365).toNanos()
        : duration.toNanos();
  }

  /** All of both. */
  public DurationHistogram plus(DurationHistogram other) {
    long[] sums = counts.clone();
    for (int i = 0; i < CELLS; i++) {
      sums[i] += other.counts[i];
    }
    return new DurationHistogram(sums);
  }

  /** How many durations there are. */
  public long size() {
    return Arrays.stream(counts).sum();
  }

  /**
   * What so many of them do not exceed, in seconds; of those beyond the last bound the bound. Null
   * when there are none.
   *
   * @param share from 0 to 1
   */
  public @Nullable Double quantile(double share) {
    long size = size();
    if (size == 0) {
      return null;
    }
    double rank = share * size;
    double before = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      if (counts[i] > 0 && before + counts[i] >= rank) {
        double low = i == 0 ? 0 : BOUNDS[i - 1];
        return (low + (BOUNDS[i] - low) * (rank - before) / counts[i]) / 1000;
      }
      before += counts[i];
    }
    return BOUNDS[BOUNDS.length - 1] / 1000.0;
  }

  /** The counts separated by spaces, without the zeros at the end; as {@link #parse} reads it. */
  public String text() {
    int end = CELLS;
    while (end > 0 && counts[end - 1] == 0) {
      end--;
    }
    return Arrays.stream(counts, 0, end).mapToObj(Long::toString).collect(Collectors.joining(" "));
  }

  /**
   * What {@link #text} wrote.
   *
   * @throws IllegalArgumentException when it did not
   */
  public static DurationHistogram parse(String text) {
    return text.isEmpty()
        ? EMPTY
        : of(Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DurationHistogram that && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "durations [" + text() + "]";
  }
}
