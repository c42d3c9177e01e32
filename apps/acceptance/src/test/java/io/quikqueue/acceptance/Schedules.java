package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.NewSchedule;
import io.quikqueue.client.QuikQueueClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What schedules do, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class Schedules {

  /** The schedule that a file of the shared systems declares. */
  static final String DECLARED = "declared";

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String ECHO =
      "\"job\": {\"type\": \"echo\", \"payload\": {\"at\": {\"$schedule\": \"scheduled_at\"}}}";

  private final Http http;
  private final Deployment system;
  private final QuikQueueClient client;
  private final Effects effects;

  /** A schedule that belongs to this test alone. */
  private final String mine = "s" + UUID.randomUUID().toString().substring(0, 13);

  private final String path = "/v1/schedules/" + mine;

  Schedules(Deployment system, Effects effects) {
    this.system = system;
    this.client = system.client();
    this.effects = effects;
    this.http = system.http();
  }

  @AfterEach
  void end() {
    effects.release(mine);
    http.send("DELETE", path, BodyPublishers.noBody());
  }

  @Test
  void eachFireTimeHasOneJobWhichKnowsIt() {
    put("\"cron\": \"* * * * * *\", \"overlap\": \"allow_all\"");
    await().atMost(SOON).until(() -> status().path("started").intValue() >= 3);
    http.post(path + "/pause", "");

    int started = status().path("started").intValue();
    List<Instant> times = new ArrayList<>();
    for (JsonNode job : jobs()) {
      JsonNode whole = http.get("/v1/jobs/" + job.path("id").textValue()).json();
      times.add(Instant.parse(whole.at("/payload/at").textValue()));
    }
    assertThat(times).hasSize(started).doesNotHaveDuplicates();
    assertThat(times).allMatch(time -> time.getNano() == 0);
    assertThat(new HashSet<>(status().path("fires").findValuesAsText("kind")))
        .containsExactly("scheduled");
    await().atMost(SOON).until(() -> outcomes().stream().allMatch("done"::equals));
    await()
        .atMost(SOON)
        .until(
            () ->
                system
                        .metrics("scheduler")
                        .sum("quikqueue_schedules_fired_total", "outcome=\"started\"")
                    >= started);
  }

  @Test
  void whileAJobWaitsAFireIsSkippedBufferedOrTakesItsPlace() {
    client
        .schedules()
        .put(mine, NewSchedule.at(effects.held(mine), Instant.parse("2099-01-01T00:00:00Z")));
    String first = http.post(path + "/trigger", "").string("job_id");

    assertThat(trigger("skip").string("outcome")).isEqualTo("skipped");
    assertThat(trigger("buffer_one").string("outcome")).isEqualTo("buffered");
    assertThat(trigger("buffer_one").string("outcome")).isEqualTo("skipped");
    assertThat(trigger("cancel_other").string("outcome")).isEqualTo("started");
    assertThat(http.get("/v1/jobs/" + first).string("state")).isEqualTo("CANCELLED");
    effects.release(mine);

    await("the buffered one is started and done")
        .atMost(SOON)
        .until(
            () ->
                outcomes().stream().filter("done"::equals).count() == 2
                    && status().path("buffered").intValue() == 0);
  }

  @Test
  void aScheduleWhoseJobsFailIsPausedWithTheReason() {
    put(
        "\"every\": \"1s\", \"overlap\": \"skip\", \"pause_after_failures\": 2",
        "\"job\": {\"type\": \"fail\", \"payload\": {\"times\": 9, \"permanent\": true}}");

    await().atMost(SOON).until(() -> http.get(path).json().path("paused").booleanValue());
    assertThat(http.get(path).string("note")).matches("[2-9] jobs failed one after another");
    assertThat(status().path("paused_by").textValue()).isEqualTo("scheduler");
    assertThat(status().path("started").intValue()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aBackfillRunsOneJobAfterTheOtherAndNoneTwice() {
    put("\"every\": \"1h\"");
    String range = "{\"from\": \"2026-01-01T00:00:00Z\", \"to\": \"2026-01-01T01:00:00Z\"}";
    assertThat(http.post(path + "/backfill", range).json().path("fires").size()).isEqualTo(2);
    await().atMost(SOON).until(() -> outcomes().equals(List.of("done", "done")));
    assertThat(http.post(path + "/backfill", range).json().path("already").size()).isEqualTo(2);
    assertThat(jobs().size()).isEqualTo(2);
  }

  @Test
  void aFileDeclaresAScheduleThatCanOnlyBeOperated() {
    String declared = "/v1/schedules/" + DECLARED;
    await().atMost(SOON).until(() -> http.get(declared).status() == 200);
    assertThat(http.get(declared).json().path("declared").booleanValue()).isTrue();
    Answer refused =
        http.send(
            "PUT",
            declared,
            BodyPublishers.ofString("{\"every\": \"1h\", " + ECHO + "}"),
            "content-type",
            "application/json");
    assertThat(refused.status()).as(refused.text()).isEqualTo(409);
    assertThat(http.send("DELETE", declared, BodyPublishers.noBody()).status()).isEqualTo(409);
    assertThat(http.post(declared + "/trigger", "").string("outcome")).isEqualTo("started");
  }

  private void put(String fields) {
    put(fields, ECHO);
  }

  private void put(String fields, String job) {
    Answer answer =
        http.send(
            "PUT",
            path,
            BodyPublishers.ofString("{" + fields + ", " + job + "}"),
            "content-type",
            "application/json");
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  private Answer trigger(String overlap) {
    return http.post(path + "/trigger", "{\"overlap\": \"" + overlap + "\"}");
  }

  private JsonNode status() {
    return http.get(path).json().path("status");
  }

  private List<String> outcomes() {
    return status().path("fires").findValuesAsText("outcome");
  }

  private JsonNode jobs() {
    return http.get("/v1/jobs?limit=500&label=schedule:" + mine).json().path("jobs");
  }
}
