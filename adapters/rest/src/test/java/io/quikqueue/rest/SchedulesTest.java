package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules;
import io.quikqueue.domain.usecase.schedule.ManageSchedules;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesTest extends ApiTest {

  private static final String PATH = "/v1/schedules/";
  private static final String JOB = "\"job\":{\"type\":\"echo\",\"payload\":{\"a\":1}}";

  private final List<String> made = new ArrayList<>();

  @AfterEach
  void deleteAll() {
    made.forEach(name -> http.delete(PATH + name));
  }

  private Answer put(String name, String body, String... headers) {
    made.add(name);
    return http.send(
        "PUT",
        PATH + name,
        BodyPublishers.ofString(body),
        Stream.concat(Stream.of("content-type", "application/json"), Stream.of(headers))
            .toArray(String[]::new));
  }

  private JsonNode set(String name, String fields) {
    Answer answer = put(name, "{" + fields + "," + JOB + "}");
    assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    return answer.json();
  }

  @Test
  void oneThatCannotBeReadIsShownAsSuchAndCanOnlyBeDeleted() {
    set("m1", "\"every\":\"1h\"");
    set("m2", "\"every\":\"1h\"");
    api.memory.spoilSchedule("m1", "Unknown time-zone ID: Mars/Olympus");
    String reason = "cannot be read here: Unknown time-zone ID: Mars/Olympus";

    Answer shown = http.get(PATH + "m1");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json().at("/status/unusable").textValue()).isEqualTo(reason);
    JsonNode page = http.get("/v1/schedules?after=m0").json().path("schedules");
    assertThat(page.at("/0/status/unusable").textValue()).isEqualTo(reason);
    assertThat(page.at("/1/name").textValue()).isEqualTo("m2");
    assertThat(page.at("/1/status/unusable").isNull()).isTrue();
    assertProblem(put("m1", "{\"every\":\"2h\"," + JOB + "}"), 409, "schedule-unusable");
    for (String verb : List.of("pause", "resume", "trigger")) {
      assertProblem(http.post(PATH + "m1/" + verb, ""), 409, "schedule-unusable");
    }
    assertProblem(http.get(PATH + "m1/preview"), 409, "schedule-unusable");
    assertProblem(http.delete(PATH + "m1", "if-match", "\"1\""), 412, "precondition-failed");
    assertThat(http.delete(PATH + "m1", "if-match", shown.header("etag")).status()).isEqualTo(204);
    assertThat(http.get(PATH + "m1").status()).isEqualTo(404);
  }

  @Test
  void oneWhosePayloadCannotBeOpenedSaysSoAndStartsNothing() {
    set("k1", "\"every\":\"1h\"");
    Schedule open = api.memory.schedules().find("k1").orElseThrow();
    ScheduleSpec closed =
        open.spec()
            .withJob(
                open.spec().job().toBuilder().payload(SealedText.of("2026-11", "AAAA")).build());
    Schedule sealed =
        new Schedule(
            "k1", open.id(), closed, false, 2, "x", open.changedAt(), open.state(), open.version());
    assertThat(api.memory.schedules().replace(open.version(), sealed)).isTrue();

    JsonNode shown = http.get(PATH + "k1").json();
    assertThat(shown.at("/status/unusable").textValue()).contains("2026-11");
    assertThat(shown.at("/job/payload").textValue()).contains("ENCRYPTED");
    assertProblem(http.post(PATH + "k1/trigger", ""), 409, "schedule-unusable");
    assertThat(http.post(PATH + "k1/pause", "").status()).isEqualTo(200);
  }

  @Test
  void whatIsSetCanBeReadAndSentBack() {
    Answer created =
        put(
            "full",
            """
            {"cron": ["0 9 * * MON-FRI", "@daily"], "zone": "Europe/Berlin",
             "exclude": ["12-25", "2026-12-24/2027-01-01"], "dst": {"gap": "skip", "overlap": "both"},
             "start": "2026-01-01T00:00:00Z", "end": "2036-01-01T00:00:00Z",
             "job": {"type": "echo", "queue": "nightly", "priority": 2, "group": "g", "cost": 3,
               "labels": {"team": "a"}, "timeout": "90s", "retry": {"max_attempts": 2},
               "unique": {"key": "k", "on_conflict": "return_existing"},
               "callback": {"url": "http://example.com/", "on": ["failed"]},
               "payload": {"at": {"$schedule": "scheduled_at"}}},
             "overlap": "buffer_one", "catch_up": {"policy": "all", "window": "2h"}, "jitter": "30s",
             "remaining": 7, "pause_after_failures": 3, "paused": true, "note": "not yet"}
            """);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    String tag = created.header("etag");

    Answer read = http.get(PATH + "full");
    assertThat(read.header("etag")).isEqualTo(tag);
    assertThat(read.json().path("note").asText()).isEqualTo("not yet");
    assertThat(read.json().at("/job/retry").toString()).isEqualTo("{\"max_attempts\":2}");
    assertThat(read.json().at("/status/fires").size()).isZero();

    Answer again = put("full", read.text());
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.header("etag")).isEqualTo(tag);
    assertThat(http.get(PATH + "full").text()).isEqualTo(read.text());
  }

  @Test
  void preconditionsAreKept() {
    set("guarded", "\"every\":\"1h\"");
    String body = "{\"every\":\"2h\"," + JOB + "}";
    assertThat(put("guarded", body, "if-none-match", "*").status()).isEqualTo(412);
    assertThat(put("guarded", body, "if-match", "\"1\"").status()).isEqualTo(412);
    String tag = http.get(PATH + "guarded").header("etag");
    Answer changed = put("guarded", body, "if-match", tag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("etag")).isNotEqualTo(tag);
    assertThat(http.delete(PATH + "guarded", "if-match", tag).status()).isEqualTo(412);
    assertThat(http.delete(PATH + "guarded").status()).isEqualTo(204);
    assertThat(http.delete(PATH + "guarded").status()).isEqualTo(404);
    assertThat(put("new", body, "if-match", "*").status()).isEqualTo(412);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"job\":{\"type\":\"echo\",\"payload\":1}} | cron",
        "{\"cron\":\"@daily\"} | job",
        "{\"cron\":\"0-59/0 * * * *\",%s} | cron",
        "{\"cron\":[\"@daily\",\"1--100000000 * * * *\"],%s} | cron.1",
        "{\"cron\":\"0 0 30 2 *\",%s} | cron",
        "{\"cron\":7,%s} | cron",
        "{\"cron\":\"@daily\",\"every\":\"1h\",%s} | cron",
        "{\"calendar\":{\"hour\":\"25\"},%s} | calendar",
        "{\"calendars\":[{\"hour\":\"9\"},{\"minute\":\"\"}],%s} | calendars.1.minute",
        "{\"calendar\":{\"year\":\"2030\"},%s} | calendar.year",
        "{\"every\":\"10ms\",%s} | every",
        "{\"at\":\"2020-01-01T00:00:00Z\",%s} | at",
        "{\"cron\":\"@daily\",\"zone\":\"Mars/Olympus\",%s} | zone",
        "{\"cron\":\"@daily\",\"exclude\":[\"2026-02-30\"],%s} | exclude.0",
        "{\"cron\":\"@daily\",\"dst\":{\"gap\":\"x\"},%s} | dst.gap",
        "{\"cron\":\"@daily\",\"overlap\":\"x\",%s} | overlap",
        "{\"cron\":\"@daily\",\"catch_up\":{\"policy\":\"none\",\"window\":\"1h\"},%s} |"
            + " catch_up.window",
        "{\"cron\":\"@daily\",\"jitter\":\"2d\",%s} | jitter",
        "{\"cron\":\"@daily\",\"remaining\":0,%s} | remaining",
        "{\"cron\":\"@daily\",\"note\":\"a\\nb\",%s} | note",
        "{\"cron\":\"@daily\",\"workflow\":{},%s} | workflow",
        "{\"cron\":\"@daily\",\"job\":{\"payload\":1}} | job.type",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"nobody\",\"payload\":1}} | job.type",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":1,\"delay\":\"1s\"}} |"
            + " job.delay",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":1,\"run_at\":\"2030-01-01T00:00:00Z\"}}"
            + " | job.run_at",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":1,\"priority\":10}} |"
            + " job.priority",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":{\"$schedule\":\"now\"}}} |"
            + " job.payload",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":{\"\\u0024schedule\":\"actual_at\"}}}"
            + " | job.payload",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":1,\"labels\":{\"schedule\":\"x\"}}}"
            + " | job.labels.schedule",
        "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":1,\"idempotency_key\":\"x\"}}"
            + " | job.idempotency_key"
      })
  void isRefusedNamingTheField(String body, String field) {
    Answer answer = put("refused", body.replace("%s", JOB));
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.string("field")).as(answer.text()).isEqualTo(field);
    assertThat(http.get(PATH + "refused").status()).isEqualTo(404);
  }

  @Test
  void aHugeExpressionIsRefused() {
    Answer answer =
        put("refused", "{\"cron\":\"" + "1,".repeat(5_000) + "1 * * * *\"," + JOB + "}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.string("field")).isEqualTo("cron");
    assertThat(answer.text()).hasSizeLessThan(1_000);
    assertThat(put("a".repeat(65), "{\"every\":\"1h\"," + JOB + "}").string("field"))
        .isEqualTo("name");
  }

  @Test
  void aTriggerStartsAJob() {
    set("triggered", "\"at\":\"2099-01-01T00:00:00Z\"");

    Answer fire = http.post(PATH + "triggered/trigger", "");

    assertThat(fire.status()).as(fire.text()).isEqualTo(200);
    assertThat(fire.string("kind")).isEqualTo("triggered");
    assertThat(fire.string("outcome")).isEqualTo("started");
    JsonNode job = http.get("/v1/jobs/" + fire.string("job_id")).json();
    assertThat(job.at("/labels/schedule").asText()).isEqualTo("triggered");
    Answer skipped = http.post(PATH + "triggered/trigger", "{\"overlap\":\"skip\"}");
    assertThat(skipped.string("outcome")).isEqualTo("skipped");
    http.post("/v1/jobs/" + fire.string("job_id") + "/cancel", "");
    JsonNode fires = http.get(PATH + "triggered").json().at("/status/fires");
    assertThat(fires.findValuesAsText("outcome")).containsExactly("skipped", "cancelled");
    assertThat(http.post(PATH + "none/trigger", "").status()).isEqualTo(404);
  }

  @Test
  void aPauseHasANoteAndAResumeEndsIt() {
    set("paused", "\"cron\":\"@daily\"");
    JsonNode paused = http.post(PATH + "paused/pause", "{\"note\":\"moving\"}").json();
    assertThat(paused.path("paused").asBoolean()).isTrue();
    assertThat(paused.path("note").asText()).isEqualTo("moving");
    assertThat(paused.at("/status/paused_by").asText()).isEqualTo("anonymous");

    assertThat(set("paused", "\"cron\":\"@hourly\"").path("paused").asBoolean()).isTrue();
    assertThat(http.post(PATH + "paused/resume", "").json().path("paused").asBoolean()).isFalse();
    assertThat(http.post(PATH + "none/pause", "").status()).isEqualTo(404);
    assertThat(http.post(PATH + "none/resume", "").status()).isEqualTo(404);
  }

  @Test
  void aBackfillMakesUpForARange() {
    set("filled", "\"every\":\"1h\"");
    String range = "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T02:00:00Z\"";

    JsonNode dry = http.post(PATH + "filled/backfill", "{" + range + ",\"dry_run\":true}").json();
    assertThat(dry.path("times").size()).isEqualTo(3);
    assertThat(dry.path("fires").size()).isZero();
    JsonNode filled = http.post(PATH + "filled/backfill", "{" + range + "}").json();
    assertThat(filled.path("fires").findValuesAsText("outcome"))
        .containsExactly("started", "buffered", "buffered");
    JsonNode again = http.post(PATH + "filled/backfill", "{" + range + "}").json();
    assertThat(again.path("already").size()).isEqualTo(3);
    assertThat(again.path("fires").size()).isZero();

    String long_ = "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-05T04:00:00Z\"}";
    assertThat(http.post(PATH + "filled/backfill", long_).string("field")).isEqualTo("to");
    String ahead = "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2099-01-05T04:00:00Z\"}";
    assertThat(http.post(PATH + "filled/backfill", ahead).string("field")).isEqualTo("to");
    assertThat(http.post(PATH + "filled/backfill", "{}").status()).isEqualTo(422);
    assertThat(http.post(PATH + "none/backfill", "{" + range + "}").status()).isEqualTo(404);
  }

  @Test
  void aPreviewIsInTheZoneOfTheSchedule() {
    set(
        "seen",
        "\"cron\":\"30 2 * * *\",\"zone\":\"Europe/Berlin\",\"start\":\"2099-03-28T00:00:00Z\"");
    JsonNode preview = http.get(PATH + "seen/preview").json();
    assertThat(preview.path("times").size()).isEqualTo(10);
    assertThat(preview.at("/times/0/local").asText()).isEqualTo("2099-03-28T02:30:00+01:00");
    assertThat(preview.at("/times/1/local").asText()).isEqualTo("2099-03-29T03:30:00+02:00");
    assertThat(http.get(PATH + "none/preview").status()).isEqualTo(404);
  }

  @Test
  void timesAreInUtcUnlessAZoneIsNamed() {
    JsonNode set = set("plain", "\"cron\": \"0 0 1 1 *\"");

    assertThat(set.path("zone").textValue()).isEqualTo("UTC");
    JsonNode preview = http.get(PATH + "plain/preview").json();
    assertThat(preview.path("zone").textValue()).isEqualTo("UTC");
    assertThat(preview.at("/times/0/local").textValue()).endsWith("-01-01T00:00:00Z");
  }

  @Test
  void schedulesAreListedByPages() {
    for (String name : List.of("list-a", "list-b", "list-c")) {
      set(name, "\"every\":\"1h\"");
    }
    JsonNode page = http.get("/v1/schedules?limit=2&after=list").json();
    assertThat(page.path("schedules").findValuesAsText("name")).containsExactly("list-a", "list-b");
    JsonNode rest = http.get("/v1/schedules?after=" + page.path("next").asText()).json();
    assertThat(rest.path("schedules").findValuesAsText("name")).contains("list-c");
    assertThat(http.get("/v1/schedules?after=%2F").status()).isEqualTo(400);
  }

  @Test
  void aDeclaredScheduleCanBePausedAndNothingElse() {
    DeclareSchedules.Declared declared =
        new DeclareSchedules.Declared(
            ScheduleReader.read("{\"every\":\"1h\"," + JOB + "}").spec(), null, null);
    declare(Map.of("declared", declared));

    Answer refused = put("declared", "{\"every\":\"2h\"," + JOB + "}");
    assertThat(refused.status()).as(refused.text()).isEqualTo(409);
    assertThat(http.delete(PATH + "declared").status()).isEqualTo(409);
    assertThat(http.post(PATH + "declared/pause", "{\"note\":\"n\"}").status()).isEqualTo(200);
    Schedule before = api.memory.schedules().find("declared").orElseThrow();
    declare(Map.of("declared", declared));
    assertThat(api.memory.schedules().find("declared")).contains(before);
    declare(Map.of());
    assertThat(http.get(PATH + "declared").status()).isEqualTo(404);
  }

  private void declare(Map<String, DeclareSchedules.Declared> declared) {
    new DeclareSchedules(new ManageSchedules(api.plans, null), api.memory.schedules(), declared)
        .declare();
  }

  @Test
  void secretsAreMaskedAndComeBack() {
    String secret =
        "{\"every\":\"1h\",\"job\":{\"type\":\"echo\",\"payload\":{\"password\":\"hunter2\"}}}";
    assertThat(put("secret", secret).text()).doesNotContain("hunter2");
    Answer read = http.get(PATH + "secret");
    assertThat(read.text()).doesNotContain("hunter2").contains("[REDACTED]");
    assertThat(put("secret", read.text()).status()).isEqualTo(200);
    assertThat(api.memory.schedules().find("secret").orElseThrow().spec().job().payload())
        .contains("hunter2");
    assertThat(put("masked", read.text()).status()).isEqualTo(422);
    assertThat(Instant.parse(read.json().path("changed_at").asText())).isNotNull();
  }

  @Test
  void aSecretThatComesBackCountsInWhatIsUnique() {
    put(
        "unique",
        """
        {"every": "1h", "job": {"type": "echo", "unique": {}, "payload": {"password": "hunter2"}}}
        """);
    Schedule before = api.memory.schedules().find("unique").orElseThrow();

    assertThat(put("unique", http.get(PATH + "unique").text()).status()).isEqualTo(200);

    Schedule after = api.memory.schedules().find("unique").orElseThrow();
    assertThat(after.spec()).isEqualTo(before.spec());
  }

  @Test
  void aSecretDoesNotComeBackForAnotherType() {
    put(
        "typed",
        """
        {"every": "1h", "job": {"type": "http", "payload":
          {"url": "http://example.com/", "headers": {"authorization": "hunter2"}}}}
        """);
    String read = http.get(PATH + "typed").text();
    assertThat(read).doesNotContain("hunter2").contains("[REDACTED]");

    Answer echo = put("typed", read.replace("\"type\":\"http\"", "\"type\":\"echo\""));

    assertThat(echo.status()).as(echo.text()).isEqualTo(422);
    assertThat(echo.text()).doesNotContain("hunter2");
    assertThat(http.get(PATH + "typed").text()).isEqualTo(read);
    Answer given =
        put(
            "typed",
            read.replace("\"type\":\"http\"", "\"type\":\"echo\"").replace("[REDACTED]", "x"));
    assertThat(given.status()).as(given.text()).isEqualTo(200);
  }

  @Test
  void theExampleOfTheDocumentsWorks() {
    String documents = Documents.all();
    Matcher example =
        Pattern.compile("curl -X PUT localhost:8000/v1/schedules/(\\S+) [^']*'[^']*' -d '([^']*)'")
            .matcher(documents);
    assertThat(example.find()).isTrue();

    Answer answer = put(example.group(1), example.group(2));

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    for (String name : answer.json().properties().stream().map(Map.Entry::getKey).toList()) {
      if (!List.of("name", "declared", "changed_by", "changed_at", "status").contains(name)) {
        assertThat(documents).containsPattern("(?m)^\\|[^|]*`" + name + "`.*\\|.*\\|.*\\|$");
      }
    }
  }
}
