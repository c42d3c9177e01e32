package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.stats.DurationHistogram;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link JobStats} guarantees: the last word of each process on each minute counts. */
public abstract class JobStatsContract {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final String PROCESS = "höst-1-ab";

  private JobStats stats;

  /** Without counts. */
  protected abstract JobStats open();

  @BeforeEach
  void openStats() {
    stats = open();
  }

  @Test
  void countsComeBackAsTheyWereStored() {
    MinuteCounts full =
        new MinuteCounts(
            StatsScope.ALL,
            START,
            PROCESS,
            new JobCounts(Long.MAX_VALUE, 2, 3, 4, largest(), DurationHistogram.of(1, 0, 5)));
    MinuteCounts empty = new MinuteCounts(StatsScope.ALL, minute(1), PROCESS, JobCounts.NONE);

    stats.record(List.of(full, empty));

    assertThat(read(StatsScope.ALL)).containsExactlyInAnyOrder(full, empty);
  }

  @Test
  void laterCountsOfAProcessReplaceItsFormerOnesAndNoOthers() {
    MinuteCounts first = counts(StatsScope.queue("mail"), 0, PROCESS, 1);
    MinuteCounts other = counts(StatsScope.queue("mail"), 0, "other", 10);
    MinuteCounts before = counts(StatsScope.queue("mail"), -1, PROCESS, 100);
    stats.record(List.of(first, before));
    stats.record(List.of(other));

    MinuteCounts second = counts(StatsScope.queue("mail"), 0, PROCESS, 2);
    stats.record(List.of(second));
    stats.record(List.of(second));

    assertThat(read(StatsScope.queue("mail"))).containsExactlyInAnyOrder(second, other, before);
  }

  @Test
  void queuesAndTypesOfTheSameNameAreApart() {
    MinuteCounts queue = counts(StatsScope.queue("mail"), 0, PROCESS, 1);
    MinuteCounts type = counts(StatsScope.type("mail"), 0, PROCESS, 2);
    MinuteCounts all = counts(StatsScope.ALL, 0, PROCESS, 3);
    stats.record(List.of(queue, type, all));

    assertThat(read(StatsScope.queue("mail"))).containsExactly(queue);
    assertThat(read(StatsScope.type("mail"))).containsExactly(type);
    assertThat(read(StatsScope.ALL)).containsExactly(all);
    assertThat(read(StatsScope.queue("Mail"))).isEmpty();
  }

  @Test
  void onlyTheMinutesThatAreAskedForAreShown() {
    stats.record(
        IntStream.range(0, 5).mapToObj(i -> counts(StatsScope.ALL, i, PROCESS, i)).toList());

    assertThat(stats.read(StatsScope.ALL, minute(1), minute(4)))
        .extracting(each -> each.counts().submitted())
        .containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void whatIsOldGoesInBatches() {
    List<MinuteCounts> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(counts(StatsScope.ALL, i, PROCESS, i));
      all.add(counts(StatsScope.queue("mail"), i, "other", i));
    }
    Collections.shuffle(all, new Random(4));
    stats.record(all);

    assertThat(stats.prune(minute(3).plusSeconds(59), 4)).isEqualTo(4);
    assertThat(stats.prune(minute(3).plusSeconds(59), 4)).isEqualTo(2);
    assertThat(stats.prune(minute(3).plusSeconds(59), 4)).isZero();
    assertThat(read(StatsScope.ALL)).hasSize(2);
    assertThat(read(StatsScope.queue("mail"))).hasSize(2);
  }

  private static DurationHistogram largest() {
    long[] counts = new long[DurationHistogram.CELLS];
    Arrays.fill(counts, 1_000_000_000_000L);
    return DurationHistogram.of(counts);
  }

  private static MinuteCounts counts(StatsScope scope, int minute, String process, long jobs) {
    DurationHistogram none = DurationHistogram.EMPTY;
    return new MinuteCounts(
        scope, minute(minute), process, new JobCounts(jobs, 0, 0, 0, none, none));
  }

  private static Instant minute(int number) {
    return START.plus(Duration.ofMinutes(number));
  }

  private List<MinuteCounts> read(StatsScope scope) {
    return stats.read(scope, minute(-1), minute(100));
  }
}
