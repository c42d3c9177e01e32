package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadRequestTest extends ApiTest {

  private static final String JOB = "{\"type\":\"echo\",\"payload\":1}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "{",
        "{\"type\":",
        "{\"type\":\"echo\",\"payload\":1",
        "{\"type\":\"echo\",\"payload\":[1,}",
        "{\"type\":\"echo\",\"payload\":[1}]",
        "{'type':'echo'}",
        "{\"type\":\"echo\",\"payload\":1} {}",
        "{\"type\":\"echo\",\"payload\":1} x",
        "{\"type\":\"echo\",\"payload\":1,\"payload\":2}",
        "{\"type\":\"echo\",\"payload\":{\"a\":1,\"a\":1}}",
        "{\"type\":\"echo\",\"payload\":NaN}",
        "{\"type\":\"echo\",\"payload\":-Infinity}",
        "{\"type\":\"echo\",\"payload\":01}",
        "{\"type\":\"echo\",\"payload\":1.}",
        "{\"type\":\"echo\",\"payload\":\"\\ud800\"}",
        "{\"type\":\"echo\",\"payload\":{\"\\uDC00\":1}}",
        "{\"type\":\"echo\",\"payload\":\"\\ud83d\\ud83d\"}",
        "{\"type\":\"echo\",\"payload\":\"\\ud83d",
        "{\"type\":\"echo\",\"payload\":\"\\x\"}",
        "{\"type\":\"echo\",\"payload\":\"a\nb\"}",
        "{\"type\":\"echo\",\"payload\":tru}",
        "// comment",
        "\u0000",
        "]",
        "<xml/>"
      })
  void refusesWhatIsNotJson(String body) {
    for (String path : new String[] {"/v1/jobs", "/submit", "/echo", "/v1/jobs/batch"}) {
      assertProblem(http.post(path, body), 400, "malformed-json");
    }
  }

  @Test
  void saysWhereJsonIsMalformed() {
    Answer answer = http.post("/v1/jobs", "{\"type\": \"echo\",\n \"payload\": [1,, 2]}");

    assertThat(answer.string("detail")).contains("line 2, column 16");
  }

  @Test
  void takesWellFormedSurrogatesAndControlCharactersInPayloads() {
    String payload = "\"\\ud83d\\ude00 \\u0000 😀 \\\\ud800\"";

    Answer answer = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":" + payload + "}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.text()).contains("\"payload\":" + payload);
  }

  @Test
  void takesHugeNumbersAsTheyAre() {
    String number = "9".repeat(900) + "." + "1".repeat(90);

    assertThat(http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":" + number + "}").text())
        .contains("\"payload\":" + number);
    assertThat(http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":" + "9".repeat(5000) + "}"))
        .extracting(Answer::status)
        .isIn(202, 400);
  }

  @Test
  void refusesDeepNesting() {
    String deep = "[".repeat(Json.MAX_DEPTH + 1) + "]".repeat(Json.MAX_DEPTH + 1);
    String deepest = "[".repeat(30_000);

    for (String payload : new String[] {deep, deepest}) {
      String job = "{\"type\":\"echo\",\"payload\":" + payload + "}";
      assertProblem(http.post("/v1/jobs", job), 400, "malformed-json");
      assertProblem(http.post("/v1/jobs/batch", "[" + job + "]"), 400, "malformed-json");
    }
    String shallow = "[".repeat(Json.MAX_DEPTH - 1) + "]".repeat(Json.MAX_DEPTH - 1);
    assertThat(
            http.post(
                    "/v1/jobs",
                    "{\"type\":\"echo\",\"payload\":" + shallow + "}",
                    "Idempotency-Key",
                    "deep")
                .status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xC0, 0xC3, 0xE2, 0xED, 0xF5, 0xFF})
  void refusesWhatIsNotUtf8(int stray) {
    byte[] body = "{\"type\":\"echo\",\"payload\":\"_\"}".getBytes(StandardCharsets.UTF_8);
    body[body.length - 3] = (byte) stray;

    assertProblem(http.post("/v1/jobs", body), 400, "malformed-json");
    assertProblem(http.post("/echo", body), 400, "malformed-json");
    assertProblem(
        http.post("/v1/jobs", JOB.getBytes(StandardCharsets.UTF_16)), 400, "malformed-json");
  }

  @Test
  void takesTheReplacementCharacterItself() {
    assertThat(http.post("/echo", "\"\uFFFD\"").text()).isEqualTo("\"\uFFFD\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/jobs", "/submit", "/echo"})
  void refusesBodiesThatAreTooLarge(String path) {
    byte[] large = new byte[ApiUnderTest.MAX_BODY + 1];

    assertProblem(http.post(path, large), 413, "body-too-large");
    assertProblem(
        http.send(
            "POST",
            path,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
            "content-type",
            "application/json"),
        413,
        "body-too-large");
  }

  @Test
  void takesABodyOfExactlyTheLimit() {
    String start = "{\"type\":\"echo\",\"payload\":\"";
    String body = start + "x".repeat(ApiUnderTest.MAX_BODY - start.length() - 2) + "\"}";

    assertThat(http.post("/v1/jobs", body).status()).isEqualTo(202);
    assertThat(
            http.send(
                    "POST",
                    "/v1/jobs",
                    BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))),
                    "content-type",
                    "application/json")
                .status())
        .isEqualTo(202);
  }

  @Test
  void answers413WithoutReadingItAll() {
    String answer =
        RawSocket.exchange(
            http.port(),
            "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 99999999999\r\n\r\n{");

    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("Connection: close", "body-too-large");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,/v1/schedules/a,413",
    "PUT,/v1/queues/a/limits,413",
    "PATCH,/v1/jobs/019ae000-0000-7000-8000-000000000000,413",
    "DELETE,/v1/schedules/a,404",
    "DELETE,/v1/jobs,405",
    "PUT,/v1/nothing,404",
    "GET,/v1/jobs,200",
    "POST,/v1/nothing,404"
  })
  void aBodyThatIsNotWantedHidesNoAnswer(String method, String path, int status) {
    String body = "x".repeat(4 << 20); // more than a connection takes that nobody reads
    String answers =
        RawSocket.exchange(
            http.port(),
            "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    .formatted(method, path)
                + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body)
                + "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answers).startsWith("HTTP/1.1 " + status + " ").contains("HTTP/1.1 200 OK");
  }

  @Test
  void readsGzipAndBoundsWhatComesOutOfIt() throws IOException {
    assertThat(
            http.post(
                    "/v1/jobs",
                    gzip(JOB.getBytes(StandardCharsets.UTF_8)),
                    "content-type",
                    "application/json",
                    "content-encoding",
                    "gzip")
                .status())
        .isEqualTo(202);
    assertProblem(
        http.post(
            "/v1/jobs",
            gzip(new byte[1 << 20]),
            "content-type",
            "application/json",
            "content-encoding",
            "gzip"),
        413,
        "body-too-large");
    assertProblem(
        http.post("/v1/jobs", JOB, "content-type", "application/json", "content-encoding", "gzip"),
        400,
        "unreadable-body");
    assertProblem(
        http.post("/v1/jobs", JOB, "content-type", "application/json", "content-encoding", "br"),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/jobs", "/submit", "/echo", "/v1/jobs/batch"})
  void refusesOtherContentTypes(String path) {
    for (String type :
        new String[] {
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/xml",
          "application/json; charset=iso-8859-1"
        }) {
      assertProblem(http.post(path, JOB, "content-type", type), 415, "unsupported-media-type");
    }
    assertProblem(
        http.send("POST", path, BodyPublishers.ofString(JOB)), 415, "unsupported-media-type");
    assertThat(http.post("/echo", JOB, "content-type", "application/json;charset=UTF-8").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "a/b/c", "*", "application/json;=", "/"})
  void survivesContentTypesThatAreNone(String type) {
    Answer answer = http.post("/v1/jobs", JOB, "content-type", type);

    assertThat(answer.status()).as(answer.text()).isIn(400, 415);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void refusesAcceptsThatCannotBeMet() {
    assertProblem(http.post("/v1/jobs", JOB, "accept", "text/html"), 406, "not-acceptable");
    assertProblem(http.get("/v1/queues", "accept", "application/xml"), 406, "not-acceptable");
    assertThat(http.get("/v1/queues", "accept", "text/html, */*;q=0.1").status()).isEqualTo(200);
    Answer odd = http.get("/v1/queues", "accept", ";;;");
    assertThat(odd.status()).isIn(400, 406);
    assertThat(odd.header("content-type")).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/v2/jobs", "/v1", "/v1/jobs/" + UNKNOWN_ID + "/x", "/docs/x", "/%20"})
  void knowsNoOtherPaths(String path) {
    assertProblem(http.get(path), 404, "not-found");
  }

  @Test
  void namesTheMethodsThatAPathTakes() {
    Answer answer = http.send("DELETE", "/v1/jobs", noBody());
    assertProblem(answer, 405, "method-not-allowed");
    assertThat(answer.header("allow")).contains("GET").contains("POST");
    assertProblem(http.get("/submit"), 405, "method-not-allowed");
    assertProblem(http.get("/v1/jobs/batch"), 405, "method-not-allowed");
    assertProblem(http.send("PATCH", "/v1/queues", noBody()), 405, "method-not-allowed");
    assertProblem(http.send("BREW", "/", noBody()), 405, "method-not-allowed");
  }

  @Test
  void answersHeadAndOptions() {
    assertThat(http.send("HEAD", "/v1/queues", noBody()).status()).isEqualTo(200);
    assertThat(http.send("HEAD", "/docs", noBody()).status()).isEqualTo(200);
    Answer options = http.send("OPTIONS", "/v1/jobs", noBody());
    assertThat(options.status()).isLessThan(300);
    assertThat(options.header("allow")).contains("POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/jobs?state=%zz HTTP/1.1",
        "GET /v1/jobs?state=%ff HTTP/1.1",
        "GET /v1/jobs?%ff=1 HTTP/1.1",
        "GET /v1/jobs?limit=%00 HTTP/1.1",
        "GET /v1/jobs?label=%u0041 HTTP/1.1",
        "GET /v1/jobs?= HTTP/1.1",
        "GET /v1/jobs? HTTP/1.1\r\nIdempotency-Key: a\u0001b",
        "GET /v1/jobs/%zz HTTP/1.1",
        "GET /v1/jobs/%ff HTTP/1.1",
        "GET /v1/jobs/..%2f HTTP/1.1",
        "GET /v1/queues/a;b=c HTTP/1.1",
        "GET /v1/../../x HTTP/1.1",
        "GET //v1/jobs HTTP/1.1",
        "GET /a\\b HTTP/1.1",
        "GET /{id} HTTP/1.1",
        "GET nonsense HTTP/1.1",
        "GET / HTTP/9.9",
        "GET",
        "GET /v1/jobs HTTP/1.1\r\nHost: b",
        "GET /v1/jobs HTTP/1.1\r\nContent-Length: x",
        "GET /v1/jobs HTTP/1.1\r\nno colon here",
        "POST /v1/jobs HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: -1",
        "POST /v1/jobs HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: odd",
      })
  void answersNonsenseWithAProblem(String head) {
    String answer = RawSocket.exchange(http.port(), head + "\r\nHost: localhost\r\n\r\n");

    String status = answer.substring(0, answer.indexOf("\r\n"));
    if (!status.startsWith("HTTP/1.1 200")) {
      assertThat(status).matches("HTTP/1.1 (4..|505) .*");
      assertThat(answer).contains("application/problem+json").contains("\"title\"");
    }
  }

  @Test
  void refusesHeadersThatAreTooLarge() {
    String answer =
        RawSocket.exchange(
            http.port(),
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 50\r\n\r\n{\"type\":",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"typ\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"typ\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{\"typ\r\n0\r\n\r\n",
      })
  void refusesBodiesThatEndEarly(String rest) {
    for (String path : new String[] {"/v1/jobs", "/v1/jobs/batch"}) {
      String answer =
          RawSocket.exchange(
              http.port(),
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + rest);

      if (!answer.isEmpty()) {
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
      }
    }
  }

  @Test
  void keepsTheConnectionAfterARefusal() {
    String refused =
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 3\r\n\r\nabc";

    String answers =
        RawSocket.exchange(
            http.port(),
            refused + "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answers).startsWith("HTTP/1.1 415 ").contains("HTTP/1.1 200 ");
  }

  @Test
  void echoesJsonAsItIs() {
    JsonNode problem = assertProblem(http.post("/echo", "{\"a\":1,}"), 400, "malformed-json");
    assertThat(problem.path("detail").textValue()).contains("line 1");
    assertThat(http.post("/echo", " {\"a\": 1.0}").text()).isEqualTo(" {\"a\": 1.0}");
    assertThat(http.post("/echo", "\"x\"").text()).isEqualTo("\"x\"");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
