package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.rest.Http.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobsTest extends ApiTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void takesAJobInWithEverythingSaid() {
    Answer answer =
        http.post(
            "/v1/jobs",
            """
            {"type": "echo", "queue": "mail", "payload": {"a": [1, 2.50, 1e400, -0]},
             "priority": 0, "delay": "1h", "deadline": "2999-01-01T01:00:00+01:00",
             "timeout": "PT5M",
             "retry": {"max_attempts": 7, "backoff": "1500ms", "backoff_cap": "2m",
                       "max_elapsed": "2d", "max_crashes": 4},
             "labels": {"tenant": "a:b", "x": ""}}
            """,
            "traceparent",
            TRACE);

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.header("location")).isEqualTo("/v1/jobs/" + answer.string("id"));
    JsonNode job = answer.json();
    assertThat(job.path("state").textValue()).isEqualTo("SCHEDULED");
    assertThat(job.path("status").textValue()).isEqualTo("SCHEDULED");
    assertThat(job.path("queue").textValue()).isEqualTo("mail");
    assertThat(job.path("priority").intValue()).isZero();
    assertThat(answer.text()).contains("\"payload\":{\"a\": [1, 2.50, 1e400, -0]},");
    assertThat(job.path("deadline").textValue()).isEqualTo("2999-01-01T00:00:00Z");
    assertThat(job.path("timeout").textValue()).isEqualTo("300s");
    assertThat(job.path("retry").toString())
        .isEqualTo(
            "{\"max_attempts\":7,\"backoff\":\"1500ms\",\"backoff_cap\":\"120s\","
                + "\"max_elapsed\":\"172800s\",\"max_crashes\":4}");
    assertThat(job.at("/labels/tenant").textValue()).isEqualTo("a:b");
    assertThat(job.path("traceparent").textValue()).isEqualTo(TRACE);
    Instant due = Instant.parse(job.path("due_at").textValue());
    assertThat(due).isBetween(api.clock.instant().plus(Duration.ofMinutes(59)), Instant.MAX);
  }

  @Test
  void showsGroupOrderingKeyAndCostWhereTheyAreSaid() {
    Answer said =
        http.post(
            "/v1/jobs",
            """
            {"type": "echo", "payload": 1, "group": "tenant 7", "ordering_key": " é ", "cost": 3}
            """);
    Answer unsaid =
        http.post(
            "/v1/jobs",
            """
            {"type": "echo", "payload": 1, "group": null, "ordering_key": null, "cost": null}
            """);

    assertThat(said.status()).as(said.text()).isEqualTo(202);
    Answer found = http.get("/v1/jobs/" + said.string("id"));
    JsonNode listed = http.get("/v1/jobs").json().at("/jobs/1");
    for (JsonNode job : List.of(said.json(), found.json(), listed)) {
      assertThat(job.path("group").textValue()).isEqualTo("tenant 7");
      assertThat(job.path("ordering_key").textValue()).isEqualTo(" é ");
      assertThat(job.path("cost").intValue()).isEqualTo(3);
      assertThat(job.has("owner")).isFalse();
    }
    assertThat(unsaid.status()).as(unsaid.text()).isEqualTo(202);
    for (String field : List.of("group", "ordering_key", "cost", "owner")) {
      assertThat(unsaid.json().has(field)).as(field).isFalse();
    }
  }

  @Test
  void anotherGroupUnderTheSameKeyIsAnotherRequest() {
    String job = "{\"type\":\"echo\",\"payload\":1,\"group\":\"%s\"}";
    http.post("/v1/jobs", job.formatted("a"), "idempotency-key", "k");

    Answer answer = http.post("/v1/jobs", job.formatted("b"), "idempotency-key", "k");

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
  }

  @Test
  void saysThatNoWorkerIsThereForAJob() {
    String nobody = "no living worker has a handler for type \"echo\"";
    Answer ready = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}");
    Answer delayed = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"delay\":\"1h\"}");

    assertThat(ready.string("waiting_for")).isEqualTo(nobody);
    assertThat(http.get("/v1/jobs/" + ready.string("id")).string("waiting_for")).isEqualTo(nobody);
    assertThat(delayed.string("waiting_for")).isEqualTo("it is due at " + delayed.string("due_at"));
    JsonNode waiting = http.get("/v1/jobs/" + delayed.string("id")).json().path("waiting");
    assertThat(waiting.findValuesAsText("code"))
        .containsExactly("due", "queue_paused", "type_paused", "worker");
    assertThat(waiting.at("/0/passed").booleanValue()).isFalse();
    assertThat(waiting.at("/0/value").textValue()).isEqualTo(delayed.string("due_at"));
    assertThat(http.get("/v1/jobs/" + ready.string("id")).json().at("/waiting/3/link").textValue())
        .isEqualTo("/v1/workers");
  }

  @Test
  void saysWhichJobOfItsOrderingKeyIsBeforeAJob() {
    String keyed = "{\"type\":\"echo\",\"payload\":1,\"ordering_key\":\"k\"}";
    Answer first = http.post("/v1/jobs", keyed);
    Answer second = http.post("/v1/jobs", keyed);

    assertThat(first.string("state")).isEqualTo("QUEUED");
    assertThat(second.string("state")).isEqualTo("WAITING");
    assertThat(second.string("waiting_for"))
        .isEqualTo("it waits for job " + first.string("id") + " of its ordering key");
    JsonNode waiting = http.get("/v1/jobs/" + second.string("id")).json().path("waiting");
    assertThat(waiting.at("/1/code").textValue()).isEqualTo("ordering_key");
    assertThat(waiting.at("/1/value").textValue()).isEqualTo(first.string("id"));
    assertThat(waiting.at("/1/link").textValue()).isEqualTo("/v1/jobs/" + first.string("id"));

    Answer cancelled = http.post("/v1/jobs/" + first.string("id") + "/cancel", "");
    assertThat(cancelled.status()).as(cancelled.text()).isEqualTo(200);
    assertThat(http.get("/v1/jobs/" + second.string("id")).string("state")).isEqualTo("QUEUED");

    Answer retried = http.post("/v1/jobs/" + first.string("id") + "/retry", "");
    assertThat(retried.string("state")).isEqualTo("WAITING");
    assertThat(retried.string("waiting_for")).contains(second.string("id"));
  }

  @Test
  void aFailedJobHoldsItsLineUntilItIsSkipped() {
    String keyed =
        "{\"type\":\"echo\",\"payload\":1,\"ordering_key\":\"held\",\"on_failed_head\":\"hold\"}";
    String first = http.post("/v1/jobs", keyed).string("id");
    String second = http.post("/v1/jobs", keyed).string("id");
    assertProblem(http.post("/v1/jobs/" + first + "/skip", ""), 409, "state-conflict");
    api.fail(first, "boom");

    JsonNode head = http.get("/v1/jobs/" + first).json();
    assertThat(head.path("on_failed_head").textValue()).isEqualTo("hold");
    assertThat(head.path("holds_line").booleanValue()).isTrue();
    assertThat(http.get("/v1/jobs/" + second).string("waiting_for"))
        .isEqualTo(
            "it waits for job "
                + first
                + " of its ordering key, which FAILED and holds it until it is retried or skipped");
    assertProblem(http.post("/v1/jobs/" + first + "/cancel", ""), 409, "state-conflict");

    Answer skipped = http.post("/v1/jobs/" + first + "/skip", "");
    assertThat(skipped.status()).as(skipped.text()).isEqualTo(200);
    assertThat(skipped.string("state")).isEqualTo("FAILED");
    assertThat(skipped.string("on_failed_head")).isEqualTo("hold");
    assertThat(skipped.json().has("holds_line")).isFalse();
    assertThat(http.get("/v1/jobs/" + second).string("state")).isEqualTo("QUEUED");
    assertProblem(http.post("/v1/jobs/" + first + "/skip", ""), 409, "state-conflict");
    assertProblem(http.post("/v1/jobs/" + UNKNOWN_ID + "/skip", ""), 404, "unknown-job");
  }

  @Test
  void refusesAPayloadThatDoesNotFitItsType() {
    Answer whole = http.post("/v1/jobs", "{\"type\":\"http\",\"payload\":[]}");
    Answer part = http.post("/v1/jobs", "{\"type\":\"http\",\"payload\":{\"bad/key\":1}}");
    Answer batch =
        http.post(
            "/v1/jobs/batch",
            "[{\"type\":\"http\",\"payload\":1},{\"type\":\"echo\",\"payload\":1}]");

    for (JsonNode problem : List.of(whole.json(), part.json(), batch.json().at("/items/0/error"))) {
      assertThat(problem.path("status").intValue()).isEqualTo(422);
      assertThat(problem.path("type").textValue())
          .isEqualTo("urn:quikqueue:problem:invalid-payload");
      assertThat(problem.path("field").textValue()).isEqualTo("payload");
    }
    assertThat(whole.string("pointer")).isEqualTo("/payload");
    assertThat(part.string("pointer")).isEqualTo("/payload/bad~1key");
    assertThat(part.string("detail")).isEqualTo("payload/bad~1key: is not a field of an http job");
    assertThat(batch.json().at("/items/1/id").isTextual()).isTrue();
  }

  @Test
  void usesTheDefaultsForWhatIsNotSaidOrNull() {
    Answer answer =
        http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":null,\"queue\":null,\"retry\":null,\"labels\":null,"
                + "\"delay\":null,\"priority\":null}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.string("queue")).isEqualTo("default");
    assertThat(answer.json().path("priority").intValue()).isEqualTo(5);
    assertThat(answer.json().get("payload").isNull()).isTrue();
    assertThat(answer.string("state")).isEqualTo("QUEUED");
  }

  @Test
  void showsDelaysSoThatTheyCanBeSentAgain() {
    Map<String, String> shown =
        Map.of(
            "{'delays':['5s','PT1M','10m']}",
            "{'max_attempts':5,'kind':'list','jitter':0.0,'backoff':null,'backoff_cap':null,"
                + "'delays':['5s','60s','600s'],'max_elapsed':null,'max_crashes':3}",
            "{'kind':'fixed','backoff':'2s','jitter':1}",
            "{'max_attempts':5,'kind':'fixed','jitter':1.0,'backoff':'2s','backoff_cap':null,"
                + "'max_elapsed':null,'max_crashes':3}",
            "{'jitter':0.25}",
            "{'max_attempts':5,'kind':'exponential','jitter':0.25,'backoff':'500ms',"
                + "'backoff_cap':'600s','max_elapsed':null,'max_crashes':3}",
            "{'kind':'exponential','delays':null}",
            "{'max_attempts':5,'backoff':'500ms','backoff_cap':'600s','max_elapsed':null,"
                + "'max_crashes':3}");
    shown.forEach(
        (said, expected) -> {
          String first = retryOf(said);
          assertThat(first).isEqualTo(expected);
          assertThat(retryOf(first)).isEqualTo(expected);
        });
  }

  /** With single quotes. */
  private String retryOf(String retry) {
    Answer answer =
        http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":1,\"retry\":%s}".formatted(retry.replace('\'', '"')));
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().path("retry").toString().replace('"', '\'');
  }

  @Test
  void showsWhatAJobGotFromItsQueue() {
    String job = "{\"type\":\"echo\",\"payload\":1,\"queue\":\"patient\"";

    JsonNode silent = http.post("/v1/jobs", job + "}").json().path("retry");
    JsonNode batch =
        http.post(
                "/v1/jobs/batch",
                "[" + job + ",\"retry\":{\"max_attempts\":2,\"backoff\":\"1s\"}}]")
            .json()
            .at("/items/0/id");
    JsonNode outspoken = http.get("/v1/jobs/" + batch.textValue()).json().path("retry");

    assertThat(silent.path("max_attempts").intValue()).isEqualTo(9);
    assertThat(silent.path("delays").toString()).isEqualTo("[\"3600s\"]");
    assertThat(outspoken.path("max_attempts").intValue()).isEqualTo(2);
    assertThat(outspoken.path("backoff").textValue()).isEqualTo("1s");
    assertThat(outspoken.has("kind")).isFalse();
  }

  @Test
  void takesUpTo50Delays() {
    String delays = "{'delays':['0s'" + ",'366d'".repeat(49) + "]}";

    assertThat(retryOf(delays)).contains(",'31622400s'".repeat(49));
    assertFieldProblem(
        http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":1,\"retry\":%s}"
                .formatted(delays.replace("['0s'", "['0s','1s'").replace('\'', '"'))),
        422,
        "invalid-value",
        "retry.delays");
  }

  @Test
  void takesTheExamplesOfTheDocuments() {
    List<String> examples =
        Pattern.compile("`\"retry\": (\\{[^`]*})`")
            .matcher(Documents.all())
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(examples)
        .hasSize(2)
        .allSatisfy(retry -> assertThat(retryOf(retry)).contains("kind"));
  }

  @Test
  void takesTheJobsThatTheDocumentsSubmit() {
    List<String> examples =
        Pattern.compile("curl localhost:8000/v1/jobs [^\\n]*-d '(\\{.*?})'\\n", Pattern.DOTALL)
            .matcher(Documents.all())
            .results()
            .map(found -> found.group(1))
            .filter(job -> job.contains("\"http\""))
            .toList();

    assertThat(examples)
        .hasSize(2)
        .allSatisfy(job -> assertThat(http.post("/v1/jobs", job).status()).isEqualTo(202));
  }

  @Test
  void keepsTheOrderOfTheExampleInTheDocuments() {
    Matcher example =
        Pattern.compile("```json\\n(\\[[^`]*\"ordering_key\"[^`]*])\\n```")
            .matcher(Documents.all());
    assertThat(example.find()).isTrue();

    Answer answer = http.post("/v1/jobs/batch", example.group(1));

    assertThat(answer.json().path("items").findValuesAsText("state"))
        .containsExactly("QUEUED", "WAITING", "QUEUED");

    assertThat(example.find()).isTrue();
    String held = example.group(1).replace("\"fail\"", "\"echo\""); // which this server has
    JsonNode line = http.post("/v1/jobs/batch", held).json().path("items");
    api.fail(line.at("/0/id").textValue(), "boom");
    assertThat(http.get("/v1/jobs/" + line.at("/1/id").textValue()).string("waiting_for"))
        .contains(line.at("/0/id").textValue(), "retried or skipped");
  }

  @Test
  void makesRoomForALongBackoff() {
    Answer answer =
        http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"retry\":{\"backoff\":\"1h\"}}");

    assertThat(answer.json().at("/retry/backoff_cap").textValue()).isEqualTo("3600s");
  }

  @Test
  void saysWhereTheKeyOfASingleSubmitBelongs() {
    Answer answer =
        http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"idempotency_key\":\"a\"}");

    assertThat(answer.json().path("detail").textValue()).endsWith("header Idempotency-Key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"
      })
  void ignoresATraceparentThatIsNone(String traceparent) {
    Answer answer =
        http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}", "traceparent", traceparent);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("traceparent").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "wrong-type    | type                | `{\"type\":1,\"payload\":1}`",
        "missing-field | type                | `{\"payload\":1}`",
        "missing-field | type                | `{\"type\":null,\"payload\":1}`",
        "missing-field | payload             | `{\"type\":\"echo\"}`",
        "unknown-type  | type                | `{\"type\":\"nobody\",\"payload\":1}`",
        "invalid-value | type                | `{\"type\":\"a b\",\"payload\":1}`",
        "invalid-value | type                | `{\"type\":\"echo\\u0000\",\"payload\":1}`",
        "invalid-value | queue               | `{\"type\":\"echo\",\"payload\":1,\"queue\":\"A\"}`",
        "unknown-field | paylod              | `{\"type\":\"echo\",\"payload\":1,\"paylod\":{}}`",
        "unknown-field | idempotency_key     |"
            + " `{\"type\":\"echo\",\"payload\":1,\"idempotency_key\":\"a\"}`",
        "unknown-field | retry.attempts      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"attempts\":1}}`",
        "wrong-type    | priority            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"priority\":\"1\"}`",
        "wrong-type    | priority            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"priority\":1.0}`",
        "wrong-type    | priority            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"priority\":1e999999999}`",
        "invalid-value | priority            | `{\"type\":\"echo\",\"payload\":1,\"priority\":10}`",
        "invalid-value | group               | `{\"type\":\"echo\",\"payload\":1,\"group\":\"\"}`",
        "wrong-type    | group               | `{\"type\":\"echo\",\"payload\":1,\"group\":7}`",
        "invalid-value | ordering_key        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"ordering_key\":\"a\\nb\"}`",
        "invalid-value | on_failed_head      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"on_failed_head\":\"hold\"}`",
        "invalid-value | on_failed_head      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"ordering_key\":\"k\",\"on_failed_head\":\"passed\"}`",
        "wrong-type    | on_failed_head      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"ordering_key\":\"k\",\"on_failed_head\":true}`",
        "invalid-value | cost                | `{\"type\":\"echo\",\"payload\":1,\"cost\":0}`",
        "wrong-type    | cost                | `{\"type\":\"echo\",\"payload\":1,\"cost\":1.5}`",
        "unknown-field | owner               |"
            + " `{\"type\":\"echo\",\"payload\":1,\"owner\":\"me\"}`",
        "invalid-value | priority            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"priority\":99999999999999999999}`",
        "wrong-type    | run_at              |"
            + " `{\"type\":\"echo\",\"payload\":1,\"run_at\":1700000000}`",
        "invalid-value | run_at              |"
            + " `{\"type\":\"echo\",\"payload\":1,\"run_at\":\"2030-01-01T00:00:00\"}`",
        "invalid-value | run_at              |"
            + " `{\"type\":\"echo\",\"payload\":1,\"run_at\":\"+999999999-01-01T00:00:00Z\"}`",
        "invalid-value | deadline            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"deadline\":\"1969-12-31T23:59:59Z\"}`",
        "invalid-value | delay               |"
            + " `{\"type\":\"echo\",\"payload\":1,\"delay\":\"soon\"}`",
        "wrong-type    | delay               | `{\"type\":\"echo\",\"payload\":1,\"delay\":5}`",
        "invalid-value | delay               |"
            + " `{\"type\":\"echo\",\"payload\":1,\"delay\":\"-PT1S\"}`",
        "invalid-value | delay               |"
            + " `{\"type\":\"echo\",\"payload\":1,\"delay\":\"999999999999d\"}`",
        "invalid-value | delay               | `{\"type\":\"echo\",\"payload\":1,\"delay\":\"1s\","
            + "\"run_at\":\"2030-01-01T00:00:00Z\"}`",
        "invalid-value | timeout             |"
            + " `{\"type\":\"echo\",\"payload\":1,\"timeout\":\"2d\"}`",
        "wrong-type    | retry               | `{\"type\":\"echo\",\"payload\":1,\"retry\":[]}`",
        "invalid-value | retry.max_attempts  |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"max_attempts\":0}}`",
        "invalid-value | retry.max_crashes   |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"max_crashes\":6}}`",
        "invalid-value | retry.backoff       |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"backoff\":\"x\"}}`",
        "invalid-value | retry.kind          |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"kind\":\"linear\"}}`",
        "wrong-type    | retry.kind          |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"kind\":1}}`",
        "wrong-type    | retry.delays        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":\"5s\"}}`",
        "invalid-value | retry.delays        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":[]}}`",
        "wrong-type    | retry.delays.1      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":[\"5s\",5]}}`",
        "wrong-type    | retry.delays.0      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":[null]}}`",
        "invalid-value | retry.delays.1      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":[\"5s\",\"soon\"]}}`",
        "invalid-value | retry.delays.1      |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":[\"5s\",\"367d\"]}}`",
        "invalid-value | retry.delays        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"kind\":\"fixed\",\"delays\":[\"5s\"]}}`",
        "invalid-value | retry.delays        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"kind\":\"list\"}}`",
        "invalid-value | retry.backoff       |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"delays\":[\"5s\"],\"backoff\":\"1s\"}}`",
        "invalid-value | retry.backoff_cap   |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"kind\":\"fixed\",\"backoff_cap\":\"1s\"}}`",
        "wrong-type    | retry.jitter        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"jitter\":\"0.5\"}}`",
        "invalid-value | retry.jitter        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"jitter\":1.01}}`",
        "invalid-value | retry.jitter        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"jitter\":-1}}`",
        "invalid-value | retry.jitter        |"
            + " `{\"type\":\"echo\",\"payload\":1,\"retry\":{\"jitter\":1e999}}`",
        "wrong-type    | labels              |"
            + " `{\"type\":\"echo\",\"payload\":1,\"labels\":\"x\"}`",
        "wrong-type    | labels.a            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a\":1}}`",
        "wrong-type    | labels.a            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a\":null}}`",
        "invalid-value | labels              |"
            + " `{\"type\":\"echo\",\"payload\":1,\"labels\":{\"\":\"a\"}}`",
        "invalid-value | labels.a            |"
            + " `{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a\":\"\\u0000\"}}`",
        "wrong-type    | body                | `\"text\"`",
        "wrong-type    | body                | null",
      })
  void namesTheFieldAtFault(String kind, String field, String body) {
    assertFieldProblem(http.post("/v1/jobs", body), 422, kind, field);
  }

  @Test
  void tellsOfEverythingThatIsWrong() {
    Answer answer = http.post("/v1/jobs", "{\"type\":1,\"x\":[],\"priority\":\"a\"}");

    JsonNode problem = assertProblem(answer, 422, "wrong-type");
    assertThat(problem.path("errors").findValuesAsText("field"))
        .containsExactly("type", "x", "priority", "payload");
  }

  @Test
  void boundsWhatItTells() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      fields.append(",\"f").append(i).append("\":").append(i);
    }
    JsonNode problem =
        assertProblem(
            http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1" + fields + "}"),
            422,
            "unknown-field");
    assertThat(problem.path("errors")).hasSize(20);
    String longName = "n".repeat(5_000);
    Answer answer = http.post("/v1/jobs", "{\"" + longName + "\":1}");
    assertProblem(answer, 422, "unknown-field");
    assertThat(answer.text()).hasSizeLessThan(2_000);
  }

  @Test
  void makesOneJobPerKey() {
    String body = "{\"type\":\"echo\",\"payload\":{\"b\":1,\"a\":[true,null]}}";
    String sameBody = "{ \"payload\":{\"a\":[true, null],\"b\":1}, \"type\":\"ech\\u006f\"}";

    Answer first = http.post("/v1/jobs", body, "Idempotency-Key", "jobs-1");
    Answer again = http.post("/v1/jobs", sameBody, "Idempotency-Key", "jobs-1");

    assertThat(first.header("idempotency-replayed")).isNull();
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertThat(again.header("location")).isEqualTo(first.header("location"));
    assertThat(again.string("id")).isEqualTo(first.string("id"));
    assertFieldProblem(
        http.post("/v1/jobs", body.replace("true", "false"), "Idempotency-Key", "jobs-1"),
        422,
        "idempotency-key-reused",
        "Idempotency-Key");
    assertFieldProblem(
        http.post("/submit", "{\"text\":\"a\"}", "Idempotency-Key", "jobs-1"),
        422,
        "idempotency-key-reused",
        "Idempotency-Key");
  }

  @Test
  void refusesKeysThatAreNone() {
    String body = "{\"type\":\"echo\",\"payload\":1}";

    assertFieldProblem(
        http.post("/v1/jobs", body, "Idempotency-Key", "k".repeat(201)),
        400,
        "invalid-parameter",
        "Idempotency-Key");
    assertFieldProblem(
        http.post("/v1/jobs", body, "Idempotency-Key", ""),
        400,
        "invalid-parameter",
        "Idempotency-Key");
    assertFieldProblem(
        http.post("/v1/jobs", body, "Idempotency-Key", "a", "Idempotency-Key", "b"),
        400,
        "invalid-parameter",
        "Idempotency-Key");
  }

  @Test
  void showsAJobWithItsAttempts() {
    String id = submitted("");
    api.change(id, job -> job.start(api.clock.instant()));
    api.fail(id, "boom \"x\"\n");

    Answer answer = http.get("/v1/jobs/" + id);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.string("state")).isEqualTo("FAILED");
    assertThat(answer.string("error")).isEqualTo("boom \"x\"\n");
    JsonNode attempt = answer.json().at("/attempts/0");
    assertThat(attempt.path("number").intValue()).isEqualTo(1);
    assertThat(attempt.path("state").textValue()).isEqualTo("FAILED");
    assertThat(attempt.path("outcome").textValue()).isEqualTo("FAILED");
    assertThat(attempt.path("worker").textValue()).isEqualTo("w1");
    assertThat(Instant.parse(attempt.path("ended_at").textValue())).isBefore(Instant.MAX);
  }

  @Test
  void anAttemptThatSucceededIsDoneAndToOldProgramsSucceeded() {
    String id = submitted("");
    api.change(id, job -> job.start(api.clock.instant()));
    api.succeed(id, null, null);

    JsonNode attempt = http.get("/v1/jobs/" + id).json().at("/attempts/0");

    assertThat(attempt.path("state").textValue()).isEqualTo("DONE");
    assertThat(attempt.path("outcome").textValue()).isEqualTo("SUCCEEDED");
  }

  @Test
  void showsHowFarARunningJobIs() {
    String id = submitted("");
    assertThat(http.get("/v1/jobs/" + id).json().get("progress").isNull()).isTrue();
    Job running = api.change(id, job -> job.start(api.clock.instant()));
    api.memory.heartbeat(
        new WorkerInfo(
            "w-far",
            "host",
            7,
            Set.of(),
            Set.of("echo"),
            10,
            1,
            List.of(
                new AttemptSnapshot(
                    running.attemptId(), "echo", api.clock.instant(), new Progress(40, "4 of 10"))),
            api.clock.instant(),
            api.clock.instant()));

    // What it knew of workers a moment ago may still be shown.
    await().until(() -> http.get("/v1/jobs/" + id).json().path("progress").isObject());
    JsonNode shown = http.get("/v1/jobs/" + id).json().path("progress");
    assertThat(shown.toString()).isEqualTo("{\"percent\":40,\"message\":\"4 of 10\"}");
    api.succeed(id, null, null);
    assertThat(http.get("/v1/jobs/" + id).json().get("progress").isNull()).isTrue();
    api.memory.remove("w-far");
  }

  @Test
  void knowsOnlyItsOwnJobs() {
    assertProblem(http.get("/v1/jobs/" + UNKNOWN_ID), 404, "unknown-job");
    assertProblem(http.get("/v1/jobs/" + UNKNOWN_ID + "/result"), 404, "unknown-job");
    assertProblem(http.post("/v1/jobs/" + UNKNOWN_ID + "/cancel", ""), 404, "unknown-job");
    assertProblem(http.post("/v1/jobs/" + UNKNOWN_ID + "/retry", ""), 404, "unknown-job");
    for (String id : new String[] {"x", "%20", "%f0%9f%98%80", "1-1-1-1-1", "a".repeat(36)}) {
      assertFieldProblem(http.get("/v1/jobs/" + id), 400, "invalid-parameter", "id");
      assertFieldProblem(
          http.post("/v1/jobs/" + id + "/retry", ""), 400, "invalid-parameter", "id");
    }
  }

  @Test
  void answersTheResultAlone() {
    String id = submitted("");
    Answer before = http.get("/v1/jobs/" + id + "/result");
    assertThat(before.status()).isEqualTo(202);
    assertThat(before.text())
        .isEqualTo("{\"id\":\"" + id + "\",\"state\":\"QUEUED\",\"status\":\"QUEUED\"}");
    assertThat(before.header("retry-after")).isEqualTo("1");

    api.succeed(id, "{\"n\": 1.10}", null);

    Answer after = http.get("/v1/jobs/" + id + "/result?wait=1s");
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.text()).isEqualTo("{\"n\": 1.10}");
    assertThat(after.header("content-type")).isEqualTo("application/json");
    String none = submitted("");
    api.succeed(none, null, null);
    assertThat(http.get("/v1/jobs/" + none + "/result").text()).isEqualTo("null");
  }

  @Test
  void saysThatThereWillBeNoResult() {
    String id = submitted("");
    api.fail(id, "boom");

    JsonNode problem = assertProblem(http.get("/v1/jobs/" + id + "/result"), 409, "no-result");

    assertThat(problem.path("state").textValue()).isEqualTo("FAILED");
    assertThat(problem.path("error").textValue()).isEqualTo("boom");
  }

  @Test
  void cancelsAndRetries() {
    String id = submitted("");

    Answer cancelled = http.send("POST", "/v1/jobs/" + id + "/cancel", noBody());
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.string("state")).isEqualTo("CANCELLED");
    JsonNode problem =
        assertProblem(http.post("/v1/jobs/" + id + "/cancel", "{}"), 409, "state-conflict");
    assertThat(problem.path("state").textValue()).isEqualTo("CANCELLED");

    Answer retried = http.send("POST", "/v1/jobs/" + id + "/retry", noBody());
    assertThat(retried.status()).isEqualTo(200);
    assertThat(retried.string("state")).isEqualTo("QUEUED");
    assertThat(retried.json().path("attempt").intValue()).isEqualTo(2);
    assertProblem(http.post("/v1/jobs/" + id + "/retry", ""), 409, "state-conflict");
  }
}
