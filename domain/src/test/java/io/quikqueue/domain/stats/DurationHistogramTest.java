package io.quikqueue.domain.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationHistogramTest {

  private static final int BEYOND = DurationHistogram.CELLS - 1;

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0",
    "PT-1S, 0",
    "PT0.000000001S, 0",
    "PT0.001S, 0",
    "PT0.001000001S, 1",
    "PT0.002S, 1",
    "PT0.003S, 2",
    "PT1S, 9",
    "PT1.000000001S, 10",
    "PT1H23M20S, 20"
  })
  void aDurationIsCountedUpToItsBound(Duration duration, int cell) {
    assertThat(DurationHistogram.cell(duration)).isEqualTo(cell);
  }

  @Test
  void whatIsLongerThanAllBoundsIsCountedBeyond() {
    assertThat(DurationHistogram.cell(Duration.ofSeconds(5_001))).isEqualTo(BEYOND);
    assertThat(DurationHistogram.cell(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(BEYOND);
  }

  @Test
  void quantilesLieWithinTheBoundsOfWhatWasCounted() {
    Random random = new Random(17);
    for (int round = 0; round < 200; round++) {
      long[] millis = random.longs(1 + random.nextInt(50), 0, 5_000_000).sorted().toArray();
      long[] counts = new long[DurationHistogram.CELLS];
      Arrays.stream(millis).forEach(each -> counts[cell(each)]++);
      DurationHistogram histogram = DurationHistogram.of(counts);
      double share = random.nextDouble();
      long exact = millis[Math.clamp((long) Math.ceil(share * millis.length) - 1, 0, 49)];

      Double found = histogram.quantile(share);

      assertThat(found).isNotNull();
      assertThat(cell((long) Math.ceil(found * 1000))).isEqualTo(cell(exact));
    }
  }

  private static int cell(long millis) {
    return DurationHistogram.cell(Duration.ofMillis(millis));
  }

  @Test
  void quantilesAreInterpolated() {
    assertThat(DurationHistogram.of(0, 0, 100).quantile(0.5)).isCloseTo(0.0035, within(1e-9));
    assertThat(DurationHistogram.of(0, 0, 100).quantile(1)).isCloseTo(0.005, within(1e-9));
    assertThat(DurationHistogram.of(10).quantile(0)).isZero();
    assertThat(DurationHistogram.EMPTY.quantile(0.5)).isNull();
  }

  @Test
  void beyondTheLastBoundItIsTheBound() {
    long[] counts = new long[DurationHistogram.CELLS];
    counts[BEYOND] = 3;

    assertThat(DurationHistogram.of(counts).quantile(0.5)).isEqualTo(5_000);
  }

  @Test
  void twoAreAddedCountByCount() {
    assertThat(DurationHistogram.of(1, 2).plus(DurationHistogram.of(0, 3, 4)))
        .isEqualTo(DurationHistogram.of(1, 5, 4));
    assertThat(DurationHistogram.of(1, 2, 3).size()).isEqualTo(6);
  }

  @Test
  void itsTextIsReadAgain() {
    assertThat(DurationHistogram.of(0, 12, 0, 3, 0).text()).isEqualTo("0 12 0 3");
    assertThat(DurationHistogram.EMPTY.text()).isEmpty();
    long[] counts = new Random(3).longs(DurationHistogram.CELLS, 0, Long.MAX_VALUE).toArray();
    DurationHistogram any = DurationHistogram.of(counts);
    assertThat(DurationHistogram.parse(any.text())).isEqualTo(any);
    assertThat(DurationHistogram.parse("")).isEqualTo(DurationHistogram.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1  2", "-1", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> DurationHistogram.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
