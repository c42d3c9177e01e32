package io.quikqueue.acceptance;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static java.net.http.HttpRequest.BodyPublishers.ofInputStream;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.NewJob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can get wrong: each is answered by a problem document that names it. */
@ExtendWith(SharedSystems.class)
final class BadInputTest {

  private static final String JSON = "application/json";
  private static final String JOB = "{\"type\":\"echo\",\"payload\":1}";

  /** A queue that nothing else submits to. */
  private static final String NONE = "none" + UUID.randomUUID().toString().substring(0, 13);

  /** More than any buffer on the way holds, so that an answer sent too early would show. */
  private static final int TOO_LARGE = 6 << 20;

  private final Standalone up;
  private final Http http;

  BadInputTest(Standalone up) {
    this.up = up;
    this.http = up.http();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"type\":\"echo\",\"payload\":}",
        "{'type':'echo','payload':1}",
        "{\"type\":\"echo\",\"payload\":NaN}",
        "{\"type\":\"echo\",\"payload\":01}",
        "{\"type\":\"echo\",\"payload\":1,}",
        "{\"type\":\"echo\",\"payload\":1} {}",
        "{\"type\":\"echo\",\"payload\":1, /* no */ \"priority\":1}",
        "{\"type\":\"echo\",\"payload\":\"\\ud800\"}",
        "{\"type\":\"echo\",\"payload\":\"\u0000\"}",
      })
  void malformedJson(String body) {
    for (String path : List.of("/v1/jobs", "/submit", "/v1/jobs/batch")) {
      problem(http.post(path, body), 400, "malformed-json", "");
    }
  }

  @Test
  void duplicateKeys() {
    problem(
        http.post("/v1/jobs", "{\"type\":\"echo\",\"type\":\"http\",\"payload\":1}"),
        400,
        "malformed-json",
        "type");
    problem(
        http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":{\"a\":1,\"a\":2}}"),
        400,
        "malformed-json",
        "'a'");
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000})
  void deepNesting(int depth) {
    String payload = "[".repeat(depth) + "]".repeat(depth);
    Answer answer = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":" + payload + "}");
    if (depth > 1_000 || answer.status() != 202) {
      problem(answer, 400, "malformed-json", "depth");
    }
  }

  @Test
  void invalidUtf8() {
    byte[] body = "{\"type\":\"echo\",\"payload\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
    body[body.length - 3] = (byte) 0xC3;
    for (String path : List.of("/v1/jobs", "/submit")) {
      Answer answer = http.send("POST", path, ofByteArray(body), "Content-Type", JSON);
      problem(answer, 400, "malformed-json", "UTF-8");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // body                                                     | kind          | field
        "{\"payload\":1}                                            | missing-field | type",
        "{\"type\":\"echo\"}                                        | missing-field | payload",
        "{\"type\":null,\"payload\":1}                              | missing-field | type",
        "[]                                                         | wrong-type    | body",
        "\"echo\"                                                   | wrong-type    | body",
        "{\"type\":1,\"payload\":1}                                 | wrong-type    | type",
        "{\"type\":\"echo\",\"payload\":1,\"typo\":1}               | unknown-field | typo",
        "{\"type\":\"echo\",\"payload\":1,\"idempotency_key\":\"a\"} | unknown-field |"
            + " idempotency_key",
        "{\"type\":\"nobody\",\"payload\":1}                        | unknown-type  | type",
        "{\"type\":\"\",\"payload\":1}                              | invalid-value | type",
        "{\"type\":\"a b\",\"payload\":1}                           | invalid-value | type",
        "{\"type\":\"echo\",\"payload\":1,\"queue\":\"Big\"}        | invalid-value | queue",
        "{\"type\":\"echo\",\"payload\":1,\"queue\":[]}             | wrong-type    | queue",
        "{\"type\":\"echo\",\"payload\":1,\"priority\":10}          | invalid-value | priority",
        "{\"type\":\"echo\",\"payload\":1,\"priority\":-1}          | invalid-value | priority",
        "{\"type\":\"echo\",\"payload\":1,\"priority\":1.5}         | wrong-type    | priority",
        "{\"type\":\"echo\",\"payload\":1,\"priority\":\"1\"}       | wrong-type    | priority",
        "{\"type\":\"echo\",\"payload\":1,\"priority\":99999999999} | invalid-value | priority",
        "{\"type\":\"echo\",\"payload\":1,\"delay\":5}              | wrong-type    | delay",
        "{\"type\":\"echo\",\"payload\":1,\"delay\":\"soon\"}       | invalid-value | delay",
        "{\"type\":\"echo\",\"payload\":1,\"delay\":\"-PT1S\"}      | invalid-value | delay",
        "{\"type\":\"echo\",\"payload\":1,\"delay\":\"9999999d\"}   | invalid-value | delay",
        "{\"type\":\"echo\",\"payload\":1,\"delay\":\"PT9223372036854775807S\"} | invalid-value |"
            + " delay",
        "{\"type\":\"echo\",\"payload\":1,\"run_at\":\"tomorrow\"}  | invalid-value | run_at",
        "{\"type\":\"echo\",\"payload\":1,\"run_at\":\"2030-01-01\"} | invalid-value | run_at",
        "{\"type\":\"echo\",\"payload\":1,\"run_at\":\"+999999999-01-01T00:00:00Z\"} |"
            + " invalid-value | run_at",
        "{\"type\":\"echo\",\"payload\":1,\"run_at\":\"2030-01-01T00:00:00Z\",\"delay\":\"1s\"} |"
            + " invalid-value | delay",
        "{\"type\":\"echo\",\"payload\":1,\"deadline\":7}           | wrong-type    | deadline",
        "{\"type\":\"echo\",\"payload\":1,\"timeout\":\"0s\"}       | invalid-value | timeout",
        "{\"type\":\"echo\",\"payload\":1,\"timeout\":\"25h\"}      | invalid-value | timeout",
        "{\"type\":\"echo\",\"payload\":1,\"retry\":3}              | wrong-type    | retry",
        "{\"type\":\"echo\",\"payload\":1,\"retry\":{\"times\":3}}  | unknown-field | retry.times",
        "{\"type\":\"echo\",\"payload\":1,\"retry\":{\"max_attempts\":0}} | invalid-value |"
            + " retry.max_attempts",
        "{\"type\":\"echo\",\"payload\":1,\"retry\":{\"max_crashes\":100}} | invalid-value |"
            + " retry.max_crashes",
        "{\"type\":\"echo\",\"payload\":1,\"retry\":{\"backoff\":\"2s\",\"backoff_cap\":\"1s\"}} |"
            + " invalid-value | retry.backoff_cap",
        "{\"type\":\"echo\",\"payload\":1,\"labels\":[\"a\"]}       | wrong-type    | labels",
        "{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a\":1}}     | wrong-type    | labels.a",
        "{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a\":null}}  | wrong-type    | labels.a",
        "{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a b\":\"x\"}} | invalid-value | labels",
        "{\"type\":\"echo\",\"payload\":1,\"labels\":{\"a\":\"x\\u0000y\"}} | invalid-value |"
            + " labels.a",
      })
  void wrongFields(String body, String kind, String field) {
    problemOfField(http.post("/v1/jobs", body), 422, kind, field);
  }

  @Test
  void severalWrongFieldsAreAllNamed() {
    Answer answer =
        http.post("/v1/jobs", "{\"type\":1,\"payload\":1,\"priority\":\"x\",\"colour\":\"red\"}");

    problem(answer, 422, "wrong-type", "priority");
    assertThat(answer.json().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("type", "priority", "colour");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                           | missing-field | text",
        "{\"text\":null}              | missing-field | text",
        "{\"text\":7}                 | wrong-type    | text",
        "{\"text\":\"  \"}            | invalid-value | text",
        "{\"text\":\"a\",\"more\":1}  | unknown-field | more",
        "[]                           | wrong-type    | body",
      })
  void wrongTexts(String body, String kind, String field) {
    problemOfField(http.post("/submit", body), 422, kind, field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/jobs", "/submit", "/echo"})
  void oversizedBodies(String path) {
    byte[] body = "x".repeat(TOO_LARGE).getBytes(StandardCharsets.US_ASCII);

    Answer told = http.send("POST", path, ofByteArray(body), "Content-Type", JSON);
    problem(told, 413, "body-too-large", "1048576");
    // Without a Content-Length: sent in chunks.
    Answer chunked =
        http.send(
            "POST",
            path,
            ofInputStream(() -> new ByteArrayInputStream(body)),
            "Content-Type",
            JSON);
    problem(chunked, 413, "body-too-large", "1048576");
  }

  @Test
  void tooManyItems() {
    String job = JOB.replace("}", ",\"queue\":\"" + NONE + "\"}");
    String batch = "[" + String.join(",", Collections.nCopies(10_001, job)) + "]";

    problem(http.post("/v1/jobs/batch", batch), 413, "too-many-items", "10,000");
    problem(
        http.send(
            "POST",
            "/v1/jobs/batch",
            ofString((job + "\n").repeat(10_001)),
            "Content-Type",
            "application/x-ndjson"),
        413,
        "too-many-items",
        "10,000");
    assertThat(http.get("/v1/jobs?queue=" + NONE).json().path("jobs")).isEmpty();
  }

  @Test
  void brokenBatches() {
    for (String body : List.of("{}", "[", "[" + JOB, "[" + JOB + "] 1", "[,]", "[{]")) {
      problem(http.post("/v1/jobs/batch", body), 400, "malformed-json", "");
    }
    problemOfField(
        http.post("/v1/jobs/batch", "[" + JOB + "]", "Idempotency-Key", "k"),
        400,
        "invalid-parameter",
        "Idempotency-Key");
  }

  @Test
  void unknownAndBadIds() {
    String unknown = "0190f3a0-0000-7000-8000-000000000000";
    for (String path : List.of("/results/%s", "/v1/jobs/%s", "/v1/jobs/%s/result")) {
      problem(http.get(path.formatted(unknown)), 404, "unknown-job", unknown);
      for (String bad :
          List.of("1", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", unknown + "0", "%20")) {
        problemOfField(http.get(path.formatted(bad)), 400, "invalid-parameter", "id");
      }
    }
    for (String verb : List.of("cancel", "retry")) {
      problem(
          http.send("POST", "/v1/jobs/" + unknown + "/" + verb, noBody()),
          404,
          "unknown-job",
          unknown);
      problemOfField(
          http.send("POST", "/v1/jobs/x/" + verb, noBody()), 400, "invalid-parameter", "id");
    }
    problem(http.get("/v1/queues/nobody-uses-it"), 404, "unknown-queue", "");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, Content-Type",
    "application/xml, Content-Type",
    "application/x-www-form-urlencoded, Content-Type",
    "application/json;charset=utf-16, UTF-8",
  })
  void unsupportedMediaTypes(String type, String named) {
    for (String path : List.of("/v1/jobs", "/submit", "/v1/jobs/batch")) {
      problem(
          http.send("POST", path, ofString(JOB), "Content-Type", type),
          415,
          "unsupported-media-type",
          named);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "/", "application/json;charset"})
  void unreadableMediaTypes(String type) {
    problem(
        http.send("POST", "/v1/jobs", ofString(JOB), "Content-Type", type), 400, "bad-request", "");
  }

  @Test
  void missingMediaType() {
    problem(
        http.send("POST", "/v1/jobs", ofString(JOB)),
        415,
        "unsupported-media-type",
        "Content-Type");
  }

  @Test
  void unsupportedEncoding() {
    problem(
        http.post("/v1/jobs", JOB, "Content-Encoding", "br"),
        415,
        "unsupported-media-type",
        "gzip");
    Answer notGzip = http.post("/v1/jobs", JOB, "Content-Encoding", "gzip");
    problem(notGzip, 400, "unreadable-body", "");
  }

  @Test
  void notAcceptable() {
    problem(http.get("/v1/jobs", "Accept", "text/html"), 406, "not-acceptable", "application/json");
    problem(
        http.post("/submit", "{\"text\":\"a\"}", "Accept", "image/png"),
        406,
        "not-acceptable",
        "application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/v1", "/v1/job", "/submit/x", "/docs/../x", "/results/"})
  void unknownPaths(String path) {
    problem(http.get(path), 404, "not-found", "");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /submit, POST",
    "PUT, /v1/jobs, POST",
    "DELETE, /v1/jobs/0190f3a0-0000-7000-8000-000000000000, GET",
    "POST, /v1/queues, GET",
    "PATCH, /results/0190f3a0-0000-7000-8000-000000000000, GET",
  })
  void wrongMethods(String method, String path, String allowed) {
    Answer answer = http.send(method, path, noBody());
    problem(answer, 405, "method-not-allowed", "method");
    assertThat(answer.header("Allow")).contains(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=501, limit",
    "limit=ten, limit",
    "limit=1&limit=2, limit",
    "state=over, state",
    "queue=BIG, queue",
    "type=, type",
    "label=x, label",
    "label=a:1&label=a:2, label",
    "after=x, after",
    "page=2, page",
  })
  void wrongQueryParameters(String query, String field) {
    problemOfField(http.get("/v1/jobs?" + query), 400, "invalid-parameter", field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1s", "31s", "5", "", "PT1000000000000S"})
  void wrongWaits(String wait) {
    String id = up.client().submit(NewJob.of("echo", 1)).toString();
    for (String path : List.of("/results/" + id, "/v1/jobs/" + id + "/result")) {
      problemOfField(http.get(path + "?wait=" + wait), 400, "invalid-parameter", "wait");
    }
  }

  @Test
  void wrongIdempotencyKeys() {
    for (String key : List.of("", "k".repeat(201), "a\tb")) {
      problemOfField(
          http.post("/v1/jobs", JOB, "Idempotency-Key", key),
          400,
          "invalid-parameter",
          "Idempotency-Key");
    }
    problemOfField(
        http.post("/v1/jobs", JOB, "Idempotency-Key", "a", "Idempotency-Key", "b"),
        400,
        "invalid-parameter",
        "Idempotency-Key");
  }

  /** What no HTTP client would send. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /results/%zz HTTP/1.1          | 400",
        "GET /results/%00 HTTP/1.1          | 400",
        "GET // HTTP/1.1                    | 400",
        "GET /v1/jobs?label=%f0%28 HTTP/1.1 | 400",
        "GET /v1/jobs?label=%zz HTTP/1.1    | 400",
        "GET /v1/jobs%2F..%2Fjobs HTTP/1.1  | 400",
        "GET /\u0001 HTTP/1.1               | 400",
        "NOTHING                            | 400",
        "BREW /submit HTTP/1.1              | 405",
      })
  void unreadableRequests(String line, int status) throws IOException {
    refused(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n", status);
  }

  @Test
  void unreadableHeaders() throws IOException {
    String start = "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    refused(start + "X: " + "x".repeat(20_000) + "\r\n\r\n", 431);
    refused(
        "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        414);
    refused(start + "no header\r\n\r\n", 400);
    refused(start + "Content-Length: many\r\n\r\n", 400);
    refused(
        start + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
  }

  private static void problemOfField(Answer answer, int status, String kind, String field) {
    problem(answer, status, kind, "");
    assertThat(answer.string("field")).as(answer.text()).isEqualTo(field);
  }

  private static void problem(Answer answer, int status, String kind, String named) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    problem(answer.header("Content-Type"), answer.json(), status);
    assertThat(answer.string("type")).startsWith("urn:quikqueue:problem:" + kind);
    assertThat(answer.string("detail")).contains(named);
  }

  private static void problem(String type, JsonNode body, int status) {
    assertThat(type).startsWith("application/problem+json");
    assertThat(body.path("status").intValue()).isEqualTo(status);
    assertThat(body.path("title").asText()).isNotBlank();
    assertThat(body.path("detail").asText()).isNotBlank();
  }

  private void refused(String request, int status) throws IOException {
    RawHttp.Answer answer =
        new RawHttp(up.address())
            .exchange(request.getBytes(StandardCharsets.ISO_8859_1), false, Duration.ofSeconds(25));
    assertThat(answer.status()).as(request).isEqualTo(status);
    answer.requireProblem();
  }
}
