package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quikqueue.bench.Drain.Drained;
import io.quikqueue.bench.Processes.Usage;
import io.quikqueue.bench.Submitter.Load;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What is made of the raw times and counts. */
class FiguresTest {

  @Test
  void theMiddleOfAnOddNumberIsOneOfThem() {
    assertThat(Spread.of(9, 1, 2)).isEqualTo(new Spread(2, 1, 9));
  }

  @Test
  void theMiddleOfAnEvenNumberIsBetweenTwo() {
    assertThat(Spread.of(4, 1, 2, 9)).isEqualTo(new Spread(3, 1, 9));
  }

  @Test
  void percentilesAreInMilliseconds() {
    Histogram histogram = Latency.histogram();
    for (int i = 1; i <= 1000; i++) {
      Latency.record(histogram, TimeUnit.MILLISECONDS.toNanos(i));
    }
    Map<String, Double> values = new LinkedHashMap<>();

    Latency.put("submit", histogram, values);

    assertThat(values.keySet())
        .containsExactly("submit_ms_p50", "submit_ms_p99", "submit_ms_p999", "submit_ms_max");
    assertThat(values.get("submit_ms_p50")).isCloseTo(500, within(1.0));
    assertThat(values.get("submit_ms_p99")).isCloseTo(990, within(1.0));
    assertThat(values.get("submit_ms_max")).isCloseTo(1000, within(1.0));
  }

  @Test
  void latenciesOutOfRangeCountAtTheEndOfIt() {
    Histogram histogram = Latency.histogram();

    Latency.record(histogram, -5_000);
    Latency.record(histogram, Long.MAX_VALUE);

    assertThat(histogram.getTotalCount()).isEqualTo(2);
    assertThat(histogram.getMinValue()).isZero();
  }

  @Test
  void nothingMeasuredHasNoPercentiles() {
    Map<String, Double> values = new LinkedHashMap<>();

    Latency.put("submit", Latency.histogram(), values);

    assertThat(values).isEmpty();
  }

  @Test
  void aSteadyRateFixesWhenEachSubmitShouldBeSent() {
    Load load = new Load(List.of(new byte[0]), 1000, 1, 4, 300);

    assertThat(load.intended(0)).isZero();
    assertThat(load.intended(299)).isEqualTo(996_666_666);
    assertThat(load.intended(300)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void aDrainIsMeasuredFromTheFirstLookThatSawAnEnd() {
    Drained drained = new Drained(0, 100, TimeUnit.SECONDS.toNanos(2), 1100, 1100, Map.of());

    assertThat(drained.perSecond()).isEqualTo(500);
  }

  @Test
  void aDrainThatWasOverAtTheFirstLookHasNoRate() {
    assertThatThrownBy(() -> new Drained(0, 100, 5, 100, 100, Map.of()).perSecond())
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("--jobs");
  }

  @Test
  void theGeneratorHasItsShareOfAllCpuTime() {
    Repetition repetition =
        new Repetition(
            1000,
            Map.of(),
            Map.of("api", new Usage(0.3, 1, 4000), Processes.GENERATOR, new Usage(0.1, 1, 0)));

    assertThat(repetition.generatorShare()).isCloseTo(0.25, within(1e-9));
    assertThat(repetition.cpuMicrosPerJob("api")).isCloseTo(300, within(1e-6));
    assertThat(repetition.cpuMicrosPerJob("unknown")).isZero();
    assertThat(repetition.writtenPerByte("api", 2)).isCloseTo(2, within(1e-9));
  }

  @Test
  void onlyItemsWithAnErrorOfTheirOwnAreRefused() throws IOException {
    String body =
        """
        {"items": [{"id": "1", "status": "QUEUED"},
          {"error": {"title": "no", "errors": [{"error": "nested"}]}},
          {"id": "error", "status": "QUEUED"}, {"error": {}}]}""";

    assertThat(Submitter.refusedItems(body.getBytes(UTF_8))).isEqualTo(2);
  }

  @Test
  void aPayloadHasTheSizeAskedFor() {
    String request =
        new String(new Requests(Target.of("http://h:1/x/"), 0).singles("q", 200).getFirst(), UTF_8);

    assertThat(request)
        .startsWith("POST /x/v1/jobs HTTP/1.1\r\nHost: h:1\r\n")
        .contains("\"payload\":{\"data\":\"" + "x".repeat(200 - Requests.LEAST_PAYLOAD) + "\"}}");
  }

  @Test
  void jobsAreOfTheGroupsInTurn() {
    Requests three = new Requests(Target.of("http://h:1"), 3);

    assertThat(three.singles("q", 200))
        .satisfiesExactly(
            first -> assertThat(new String(first, UTF_8)).contains("\"group\":\"g0\""),
            second -> assertThat(new String(second, UTF_8)).contains("\"group\":\"g1\""),
            third -> assertThat(new String(third, UTF_8)).contains("\"group\":\"g2\""));
    assertThat(three.batches("q", 200, 2)).hasSize(2);
    assertThat(new String(three.batches("q", 200, 2).getLast(), UTF_8))
        .contains("\"group\":\"g2\"", "\"group\":\"g0\"");
    assertThat(
            new String(
                new Requests(Target.of("http://h:1"), 0).batches("q", 200, 2).getFirst(), UTF_8))
        .doesNotContain("group");
  }

  @Test
  void readsItsOwnCpuAndTellsOfAProcessThatIsGone() {
    assertThat(new Processes(Map.of()).now()).containsOnlyKeys(Processes.GENERATOR);
    assertThatThrownBy(() -> new Processes(Map.of("gone", Long.MAX_VALUE)).now())
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("gone");
  }
}
