package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.rest.Http.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest extends ApiTest {

  private static final String FULL = "{\"type\":\"echo\",\"payload\":1,\"queue\":\"full\"}";
  private static final String MAILS = "/v1/queues/mails/limits";

  @BeforeEach
  void withoutLimits() {
    http.delete(MAILS);
    http.delete("/v1/types/echo/limits");
    api.limits.declare(Map.of(), "configuration", api.clock.instant());
  }

  @Test
  void whatIsSetCanBeReadChangedAndSetAgain() {
    Answer set =
        put(
            MAILS,
            """
            {"concurrency": 10, "concurrency_per_group": 2, "rate": {"n": 5, "per": "1m"},
             "rate_per_group": {"n": 1, "per": "500ms", "burst": 3}, "max_waiting": 1000,
             "on_limit": "cancel_oldest",
             "retention": {"failed": {"count": 10}, "done": {"age": "1h"}, "skipped": null},
             "weights": {"acme": 3, "é": 100}}
            """);

    assertThat(set.status()).as(set.text()).isEqualTo(201);
    JsonNode shown = set.json();
    assertThat(shown.toString())
        .startsWith(
            "{\"concurrency\":10,\"rate\":{\"n\":5,\"per\":\"60s\",\"burst\":5},"
                + "\"concurrency_per_group\":2,"
                + "\"rate_per_group\":{\"n\":1,\"per\":\"500ms\",\"burst\":3},"
                + "\"max_waiting\":1000,\"max_waiting_per_group\":null,\"on_limit\":\"cancel_oldest\","
                + "\"retention\":{\"done\":{\"age\":\"3600s\",\"count\":null},"
                + "\"failed\":{\"age\":null,\"count\":10}},\"weights\":{\"acme\":3,\"é\":100},"
                + "\"declared\":false,\"changed_by\":\"anonymous\",\"changed_at\":\"");
    Answer got = http.get(MAILS);
    assertThat(got.json()).isEqualTo(shown);
    assertThat(got.header("etag")).isEqualTo(set.header("etag"));

    Answer again = put(MAILS, got.text().replace("10,", "11,"), "if-match", got.header("etag"));

    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.json().path("concurrency").intValue()).isEqualTo(11);
    assertThat(again.json().path("weights")).isEqualTo(shown.path("weights"));
    assertThat(again.header("etag")).isNotEqualTo(got.header("etag"));
  }

  @Test
  void whatIsNotSaidIsNoLimit() {
    put(MAILS, "{\"concurrency\":1,\"weights\":{\"a\":2}}");
    Answer emptied = put(MAILS, "{\"max_waiting\":null,\"weights\":null,\"rate\":null}");

    assertThat(emptied.status()).isEqualTo(200);
    assertThat(emptied.json().path("concurrency").isNull()).isTrue();
    assertThat(emptied.json().path("weights")).isEmpty();
    assertThat(http.get(MAILS).status()).isEqualTo(200);
  }

  @Test
  void aTypeHasConcurrencyAndRate() {
    Answer set =
        put("/v1/types/echo/limits", "{\"concurrency\":1,\"rate\":{\"n\":1,\"per\":\"1s\"}}");

    assertThat(set.status()).isEqualTo(201);
    assertThat(set.text())
        .startsWith(
            "{\"concurrency\":1,\"rate\":{\"n\":1,\"per\":\"1s\",\"burst\":1},\"declared\"");
    assertFieldProblem(
        put("/v1/types/echo/limits", "{\"max_waiting\":1}"), 422, "invalid-value", "max_waiting");
  }

  @Test
  void deletedLimitsAreGone() {
    put(MAILS, "{\"concurrency\":1}");

    assertThat(http.delete(MAILS).status()).isEqualTo(204);
    assertProblem(http.delete(MAILS), 404, "no-limits");
    assertProblem(http.get(MAILS), 404, "no-limits");
  }

  @Test
  void deletedLimitsGiveWayToThoseThatAreDeclared() {
    declare(7);
    Answer declared = http.get(MAILS);
    assertThat(declared.json().path("declared").booleanValue()).isTrue();
    assertProblem(http.delete(MAILS), 404, "no-limits");

    assertThat(put(MAILS, "{\"concurrency\":1}", "if-match", declared.header("etag")).status())
        .isEqualTo(200);
    assertThat(http.get(MAILS).json().path("concurrency").intValue()).isEqualTo(1);

    assertThat(http.delete(MAILS).status()).isEqualTo(204);
    assertThat(http.get(MAILS).json()).isEqualTo(declared.json());
  }

  @Test
  void aQueueShowsItsLimits() {
    submitted(",\"queue\":\"mails\"");
    api.letChangesTakeEffect();
    assertThat(http.get("/v1/queues/mails").json().path("limits").isNull()).isTrue();
    put(MAILS, "{\"concurrency\":7}");
    api.letChangesTakeEffect();

    JsonNode limits = http.get("/v1/queues/mails").json().path("limits");

    assertThat(limits.path("concurrency").intValue()).isEqualTo(7);
    assertThat(limits.path("max_waiting").isNull()).isTrue();
    assertThat(limits.has("changed_by")).isFalse();
  }

  @Test
  void aJobMoreThanMayWaitIsRefusedWithTheFigures() {
    put("/v1/queues/full/limits", "{\"max_waiting\":1}");
    api.letChangesTakeEffect();
    String first = submitted(",\"queue\":\"full\"");

    Answer second = http.post("/v1/jobs", FULL);

    JsonNode problem = assertProblem(second, 429, "queue-full");
    assertThat(problem.path("queue").textValue()).isEqualTo("full");
    assertThat(problem.path("waiting").longValue()).isEqualTo(1);
    assertThat(problem.path("max_waiting").longValue()).isEqualTo(1);
    assertThat(problem.has("group")).isFalse();
    assertThat(second.header("retry-after")).isEqualTo("1");

    http.post("/v1/jobs/" + first + "/cancel", "");
    assertThat(http.post("/v1/jobs", FULL).status()).isEqualTo(202);
  }

  @Test
  void aJobOfAGroupMoreThanMayWaitIsRefusedWithTheGroupAndTheFigures() {
    put("/v1/queues/full3/limits", "{\"max_waiting_per_group\":1}");
    api.letChangesTakeEffect();
    String first = submitted(",\"queue\":\"full3\",\"group\":\"a b\"");
    submitted(",\"queue\":\"full3\",\"group\":\"other\"");
    submitted(",\"queue\":\"full3\"");
    String full = "{\"type\":\"echo\",\"payload\":1,\"queue\":\"full3\",\"group\":\"a b\"}";

    Answer second = http.post("/v1/jobs", full);

    JsonNode problem = assertProblem(second, 429, "queue-full");
    assertThat(problem.path("queue").textValue()).isEqualTo("full3");
    assertThat(problem.path("group").textValue()).isEqualTo("a b");
    assertThat(problem.path("waiting").longValue()).isEqualTo(1);
    assertThat(problem.path("max_waiting_per_group").longValue()).isEqualTo(1);
    assertThat(second.header("retry-after")).isEqualTo("1");
    JsonNode items =
        http.post("/v1/jobs/batch", "[" + full + "," + full + "]").json().path("items");
    assertThat(items.get(1).at("/error/group").textValue()).isEqualTo("a b");

    http.post("/v1/jobs/" + first + "/cancel", "");
    assertThat(http.post("/v1/jobs", full).status()).isEqualTo(202);
  }

  @Test
  void jobsOfABatchAreRefusedOneByOne() {
    put("/v1/queues/full2/limits", "{\"max_waiting\":1}");
    api.letChangesTakeEffect();
    String full = FULL.replace("full", "full2");

    Answer batch =
        http.post(
            "/v1/jobs/batch", "[" + full + "," + full + ",{\"type\":\"echo\",\"payload\":1}]");

    assertThat(batch.status()).as(batch.text()).isEqualTo(202);
    JsonNode items = batch.json().path("items");
    int refused = items.get(0).has("id") ? 1 : 0; // they may be stored in two transactions
    assertThat(items.get(1 - refused).has("id")).isTrue();
    JsonNode error = items.get(refused).path("error");
    assertThat(error.path("status").intValue()).isEqualTo(429);
    assertThat(error.path("queue").textValue()).isEqualTo("full2");
    assertThat(error.path("max_waiting").intValue()).isEqualTo(1);
    assertThat(items.get(2).has("id")).isTrue();
  }

  @Test
  void oneTooManyIsDroppedWhereTheLimitsSaySo() {
    put("/v1/queues/full4/limits", "{\"max_waiting\":1,\"on_limit\":\"drop_new\"}");
    api.letChangesTakeEffect();
    String full = FULL.replace("full", "full4");
    assertThat(http.post("/v1/jobs", full).string("state")).isEqualTo("QUEUED");

    Answer dropped = http.post("/v1/jobs", full);
    Answer batch = http.post("/v1/jobs/batch", "[" + full + "]");

    assertThat(dropped.status()).as(dropped.text()).isEqualTo(202);
    assertThat(dropped.string("state")).isEqualTo("CANCELLED");
    Answer job = http.get("/v1/jobs/" + dropped.string("id"));
    assertThat(job.string("note"))
        .isEqualTo("cancelled: queue \"full4\" had 1 jobs waiting, and may have 1");
    assertThat(batch.status()).isEqualTo(202);
    assertThat(batch.json().at("/items/0/state").textValue()).isEqualTo("CANCELLED");
  }

  @Test
  void theOldestAreCancelledWhereTheLimitsSaySo() {
    put("/v1/queues/full5/limits", "{\"max_waiting\":1,\"on_limit\":\"cancel_oldest\"}");
    api.letChangesTakeEffect();
    String full = FULL.replace("full", "full5");
    String first = http.post("/v1/jobs", full).string("id");

    Answer second = http.post("/v1/jobs", full);

    assertThat(second.status()).as(second.text()).isEqualTo(202);
    assertThat(second.string("state")).isEqualTo("QUEUED");
    Answer job = http.get("/v1/jobs/" + first);
    assertThat(job.string("state")).isEqualTo("CANCELLED");
    assertThat(job.string("note")).startsWith("cancelled: a newer job took its place");
  }

  @Test
  void aTagThatDoesNotMatchChangesNothing() {
    String first = put(MAILS, "{\"concurrency\":1}").header("etag");
    String second = put(MAILS, "{\"concurrency\":2}").header("etag");

    assertProblem(put(MAILS, "{\"concurrency\":3}", "if-match", first), 412, "precondition-failed");
    assertProblem(http.delete(MAILS, "if-match", first), 412, "precondition-failed");
    assertProblem(http.get(MAILS, "if-match", first), 412, "precondition-failed");
    assertThat(http.get(MAILS).header("etag")).isEqualTo(second);

    assertThat(put(MAILS, "{}", "if-match", "\"x\" , " + second + ",").status()).isEqualTo(200);
    assertThat(http.delete(MAILS, "if-match", "*").status()).isEqualTo(204);
  }

  @Test
  void aWeakTagMatchesOnlyWhatIsNotToBeChanged() {
    String tag = put(MAILS, "{\"concurrency\":1}").header("etag");
    assertThat(tag).startsWith("\"");

    assertProblem(put(MAILS, "{}", "if-match", "W/" + tag), 412, "precondition-failed");
    assertProblem(put(MAILS, "{}", "if-none-match", "W/" + tag), 412, "precondition-failed");
    assertThat(http.get(MAILS, "if-none-match", "W/" + tag).status()).isEqualTo(304);
  }

  @Test
  void whatIsKnownIsNotSentAgain() {
    String tag = put(MAILS, "{\"concurrency\":1}").header("etag");

    Answer known = http.get(MAILS, "if-none-match", "\"other\", " + tag);

    assertThat(known.status()).isEqualTo(304);
    assertThat(known.text()).isEmpty();
    assertThat(known.header("etag")).isEqualTo(tag);
    assertThat(http.get(MAILS, "if-none-match", "\"other\"").status()).isEqualTo(200);
    assertThat(put(MAILS, "{}", "if-none-match", "\"other\"").status()).isEqualTo(200);
  }

  @Test
  void limitsCanBeSetOnlyWhereThereAreNone() {
    assertProblem(put(MAILS, "{}", "if-match", "*"), 412, "precondition-failed");
    assertThat(put(MAILS, "{}", "if-none-match", "*").status()).isEqualTo(201);
    assertProblem(put(MAILS, "{}", "if-none-match", "*"), 412, "precondition-failed");
    assertProblem(http.get("/v1/queues/never/limits", "if-match", "*"), 404, "no-limits");
    assertProblem(http.delete("/v1/queues/never/limits", "if-match", "\"1\""), 404, "no-limits");
  }

  @Test
  void theTagOfACompressedAnswerMatches() throws IOException {
    StringBuilder weights = new StringBuilder("{\"weights\":{\"g\":1");
    for (int i = 0; i < 999; i++) {
      weights.append(",\"group-").append(i).append("\":2");
    }
    put(MAILS, weights + "}}");
    Answer got = http.get(MAILS, "accept-encoding", "gzip");
    assertThat(got.header("content-encoding")).isEqualTo("gzip");
    String tag = got.header("etag");
    byte[] plain =
        new GZIPInputStream(new ByteArrayInputStream(got.response().body())).readAllBytes();
    assertThat(Http.JSON.readTree(plain).path("weights")).hasSize(1000);

    assertThat(http.get(MAILS, "if-none-match", tag, "accept-encoding", "gzip").status())
        .isEqualTo(304);
    assertThat(put(MAILS, "{}", "if-match", tag).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"", "W/", "w/\"1\"", "\"1\" \"2\"", "*, \"1\"", "", "\"1\"x", ","})
  void aHeaderThatIsNoTagIsRefused(String tag) {
    assertFieldProblem(put(MAILS, "{}", "if-match", tag), 400, "invalid-parameter", "If-Match");
    assertFieldProblem(
        http.get(MAILS, "if-none-match", tag), 400, "invalid-parameter", "If-None-Match");
    assertProblem(http.get(MAILS), 404, "no-limits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"concurrency\":0}                                | invalid-value | concurrency",
        "{\"concurrency\":1000000001}                       | invalid-value | concurrency",
        "{\"concurrency\":99999999999999999999}             | invalid-value | concurrency",
        "{\"concurrency\":\"1\"}                            | wrong-type    | concurrency",
        "{\"concurrency\":1.5}                              | wrong-type    | concurrency",
        "{\"concurrency_per_group\":-1}                     | invalid-value |"
            + " concurrency_per_group",
        "{\"max_waiting\":0}                                | invalid-value | max_waiting",
        "{\"max_waiting_per_group\":0}                      | invalid-value |"
            + " max_waiting_per_group",
        "{\"on_limit\":\"drop_new\"}                         | invalid-value | on_limit",
        "{\"max_waiting\":1,\"on_limit\":\"drop\"}           | invalid-value | on_limit",
        "{\"max_waiting\":1,\"on_limit\":1}                  | wrong-type    | on_limit",
        "{\"retention\":{\"queued\":{\"age\":\"1h\"}}}            | unknown-field |"
            + " retention.queued",
        "{\"retention\":{\"done\":{}}}                       | invalid-value | retention.done",
        "{\"retention\":{\"done\":{\"age\":\"999ms\"}}}        | invalid-value |"
            + " retention.done.age",
        "{\"retention\":{\"done\":{\"age\":\"3651d\"}}}        | invalid-value |"
            + " retention.done.age",
        "{\"retention\":{\"done\":{\"count\":-1}}}            | invalid-value |"
            + " retention.done.count",
        "{\"retention\":{\"done\":{\"size\":1}}}              | unknown-field |"
            + " retention.done.size",
        "{\"retention\":{\"done\":\"1h\"}}                   | wrong-type    | retention.done",
        "{\"max_waiting_per_group\":1000000001}             | invalid-value |"
            + " max_waiting_per_group",
        "{\"rate\":5}                                       | wrong-type    | rate",
        "{\"rate\":{\"per\":\"1s\"}}                        | invalid-value | rate.n",
        "{\"rate\":{\"n\":1}}                               | invalid-value | rate.per",
        "{\"rate\":{\"n\":0,\"per\":\"1s\"}}                | invalid-value | rate.n",
        "{\"rate\":{\"n\":1000001,\"per\":\"1s\"}}          | invalid-value | rate.n",
        "{\"rate\":{\"n\":1,\"per\":\"0s\"}}                | invalid-value | rate.per",
        "{\"rate\":{\"n\":1,\"per\":\"25h\"}}               | invalid-value | rate.per",
        "{\"rate\":{\"n\":1,\"per\":\"soon\"}}              | invalid-value | rate.per",
        "{\"rate\":{\"n\":1,\"per\":1}}                     | wrong-type    | rate.per",
        "{\"rate\":{\"n\":1,\"per\":\"1s\",\"burst\":0}}    | invalid-value | rate.burst",
        "{\"rate\":{\"n\":1,\"per\":\"1s\",\"max\":0}}      | unknown-field | rate.max",
        "{\"rate_per_group\":{\"n\":0,\"per\":\"1s\"}}      | invalid-value | rate_per_group.n",
        "{\"weights\":[]}                                   | wrong-type    | weights",
        "{\"weights\":{\"acme\":0}}                         | invalid-value | weights.acme",
        "{\"weights\":{\"acme\":101}}                       | invalid-value | weights.acme",
        "{\"weights\":{\"acme\":null}}                      | wrong-type    | weights.acme",
        "{\"weights\":{\"acme\":\"2\"}}                     | wrong-type    | weights.acme",
        "{\"weights\":{\"\":2}}                             | invalid-value | weights",
        "{\"weights\":{\"a\\u0000\":2}}                     | invalid-value | weights",
        "{\"concurency\":1}                                 | unknown-field | concurency",
        "[]                                                 | wrong-type    | body",
      })
  void whatCannotBeIsRefusedAndNamed(String body, String kind, String field) {
    assertFieldProblem(put(MAILS, body), 422, kind, field);
    assertProblem(http.get(MAILS), 404, "no-limits");
  }

  @Test
  void allThatHasAWrongTypeIsNamedAtOnce() {
    Answer answer = put(MAILS, "{\"concurrency\":\"a\",\"rate\":{\"n\":\"b\"},\"c\":1}");

    assertThat(answer.json().path("errors").findValuesAsText("field"))
        .containsExactly("concurrency", "rate.n", "c");
  }

  @Test
  void theExampleOfTheDocumentsIsAccepted() throws IOException {
    String section = Documents.section("# Limits and pauses");
    String example = section.split("```json\n|```\n", 3)[1];

    Answer set = put(MAILS, example);

    assertThat(set.status()).as(set.text()).isEqualTo(201);
    Http.JSON
        .readTree(example)
        .fieldNames()
        .forEachRemaining(
            name -> {
              assertThat(set.json().path(name).isNull()).as(name).isFalse();
              assertThat(section).contains("`" + name + "`");
            });
    assertThat(Http.JSON.readTree(example)).hasSize(9);
  }

  @Test
  void boundsAreWithin() {
    assertThat(
            put(
                    MAILS,
                    """
                    {"concurrency": 1, "concurrency_per_group": 1000000000, "max_waiting": 1,
                     "rate": {"n": 1000000, "per": "1ms", "burst": 1000000},
                     "rate_per_group": {"n": 1, "per": "24h", "burst": 1},
                     "weights": {"a": 1, "b": 100}}\
                    """)
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/queues/A%20B/limits, 422, queue",
    "/v1/types/%20/limits, 422, type",
    "/v1/queues/mails/limits?a=b, 400, a",
  })
  void pathsAndParametersAreCheckedByEachMethod(String path, int status, String field) {
    assertThat(put(path, "{}").status()).isEqualTo(status);
    assertThat(http.get(path).string("field")).isEqualTo(field);
    assertThat(http.delete(path).string("field")).isEqualTo(field);
  }

  @Test
  void aBodyIsNeeded() {
    assertProblem(put(MAILS, ""), 400, "malformed-json");
    assertProblem(put(MAILS, "{\"concurrency\":1"), 400, "malformed-json");
    assertProblem(
        http.send("PUT", MAILS, BodyPublishers.ofString("{}"), "content-type", "text/plain"),
        415,
        "unsupported-media-type");
  }

  private Answer put(String path, String json, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "content-type";
    all[1] = "application/json";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return http.send("PUT", path, BodyPublishers.ofString(json), all);
  }

  private void declare(int concurrency) {
    api.limits.declare(
        Map.of(
            LimitKey.queue("mails"),
            new Limits(concurrency, null, null, null, null, null, Map.of())),
        "configuration",
        api.clock.instant());
  }
}
