package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.stats.DurationHistogram;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.rest.Http.Answer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happened to jobs, in figures. */
class StatsTest extends RunningApi {

  private static final JobCounts COUNTS =
      new JobCounts(
          7, 5, 2, 1, DurationHistogram.of(0, 0, 7), DurationHistogram.of(0, 0, 0, 0, 0, 7));

  StatsTest() {
    super(ApiUnderTest.class);
  }

  private void count(StatsScope scope, int minutesAgo) {
    Instant minute =
        api.clock.instant().truncatedTo(ChronoUnit.MINUTES).minus(minutesAgo, ChronoUnit.MINUTES);
    api.stats.record(List.of(new MinuteCounts(scope, minute, "p" + minutesAgo, COUNTS)));
  }

  @Test
  void theLastHourIsShownMinuteByMinute() {
    count(StatsScope.ALL, 0);
    count(StatsScope.ALL, 59);
    count(StatsScope.ALL, 60);

    Answer answer = http.get("/v1/stats");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode stats = answer.json();
    assertThat(stats.path("step_seconds").intValue()).isEqualTo(60);
    assertThat(stats.path("steps")).hasSize(60);
    assertThat(stats.at("/steps/0/submitted").intValue()).isEqualTo(7);
    assertThat(stats.at("/steps/1/submitted").intValue()).isZero();
    assertThat(stats.at("/steps/1/wait_seconds").toString())
        .isEqualTo("{\"p50\":null,\"p99\":null}");
    assertThat(stats.at("/steps/59").toString())
        .endsWith(
            "\"submitted\":7,\"done\":5,\"failed_attempts\":2,\"failed\":1,"
                + "\"wait_seconds\":{\"p50\":0.0035,\"p99\":0.005},"
                + "\"run_seconds\":{\"p50\":0.035,\"p99\":0.0497}}");
    assertThat(stats.at("/total/submitted").intValue()).isEqualTo(14);
  }

  @Test
  void aQueueAndATypeHaveFiguresOfTheirOwn() {
    count(StatsScope.queue("figures"), 1);

    assertThat(http.get("/v1/queues/figures/stats").json().at("/total/done").intValue())
        .isEqualTo(5);
    assertThat(http.get("/v1/types/figures/stats").json().at("/total/done").intValue()).isZero();
  }

  @Test
  void aLongRangeHasLongSteps() {
    JsonNode stats = http.get("/v1/stats?range=3d").json();

    assertThat(stats.path("step_seconds").intValue()).isEqualTo(3600);
    assertThat(stats.path("steps").size()).isBetween(72, 73);
  }

  @ParameterizedTest
  @ValueSource(strings = {"range=0s", "range=-1h", "range=4d", "range=soon", "range=", "of=mail"})
  void aWrongRangeIsRefused(String query) {
    Answer answer = http.get("/v1/stats?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains(query.substring(0, query.indexOf('=')));
  }
}
