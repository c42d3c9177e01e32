package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.rest.Http.Answer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes without Jersey answer as those with it, however odd the request is. */
class HotRoutesTest extends ApiTest {

  private static final String ODD = "application/json, text/plain;q=0.1";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/submit  | {\"text\":\"a\"}",
        "/submit  | {\"text\":\" \"}",
        "/submit  | {\"text\":\"a\",\"b\":1}",
        "/submit  | [",
        "/v1/jobs | {\"type\":\"echo\",\"payload\":{\"n\":1},\"labels\":{\"a\":\"b\"}}",
        "/v1/jobs | {\"type\":\"none\",\"payload\":1}",
        "/v1/jobs | {\"type\":\"echo\"}",
        "/v1/jobs | {\"type\":\"echo\",\"payload\":1,\"queue\":\"A B\"}",
      })
  void answersSubmitsAlike(String path, String json) {
    assertAlike(http.post(path, json), http.post(path, json, "Accept", ODD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "application/json;charset=latin1",
        "application/json;charset=foo",
        "application/json;charset=\"",
        "application/JSON",
        "text/plain;charset=\"",
        "json",
      })
  void readsContentTypesAlike(String type) {
    for (String path : new String[] {"/submit", "/v1/jobs"}) {
      assertAlike(
          http.post(path, "{}", "content-type", type),
          http.post(path, "{}", "content-type", type, "Accept", ODD));
    }
  }

  @Test
  void refusesLargeBodiesAlike() {
    String large = "{\"text\":\"" + "x".repeat(ApiUnderTest.MAX_BODY) + "\"}";

    assertAlike(http.post("/submit", large), http.post("/submit", large, "Accept", ODD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"k 1", "", "key"})
  void readsKeysAlike(String key) {
    String json = "{\"type\":\"echo\",\"payload\":\"" + key + "\"}";
    for (int i = 0; i < 2; i++) {
      assertAlike(
          http.post("/v1/jobs", json, "Idempotency-Key", "hot" + key),
          http.post("/v1/jobs", json, "Idempotency-Key", "odd" + key, "Accept", ODD));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/results/%s",
        "/results/%s?wait=10ms",
        "/results/%s?wait=1h",
        "/results/%s?wait=x",
        "/results/%s?wait=1s&wait=2s",
        "/results/%s/result",
        "/results/019ecb27-227b-70ed-9452-01015452b16c",
        "/results/------------------------------------",
        "/v1/jobs/%s/result",
        "/v1/jobs/%s/result?wait=10ms",
        "/v1/jobs/%s/result?weight=10ms",
        "/v1/jobs/019ecb27-227b-70ed-9452-01015452b16c/result",
        "/v1/jobs/%s",
      })
  void answersQuestionsAlike(String path) {
    String queued = submitted("");
    String done = submitted("");
    api.succeed(done, "{\"a\":\"ü\"}", "fine");
    String failed = submitted("");
    api.fail(failed, "no");
    for (String id : new String[] {queued, done, failed}) {
      assertAlike(http.get(path.formatted(id)), http.get(path.formatted(id), "Accept", ODD));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/submit, 'POST,OPTIONS'",
    "/submit/, 'POST,OPTIONS'",
    "/submit;a=b, 'POST,OPTIONS'",
    "/v1/jobs, 'GET,HEAD,POST,OPTIONS'",
    "/v1;x/jobs;y=z/, 'GET,HEAD,POST,OPTIONS'",
    "/results/x, 'GET,HEAD,OPTIONS'",
    "/v1/jobs/x/result, 'GET,HEAD,OPTIONS'",
    "/v1/jobs/x;y/result/, 'GET,HEAD,OPTIONS'",
  })
  void namesTheMethodsOfAPath(String path, String methods) {
    Answer options = http.send("OPTIONS", path, noBody());
    assertThat(options.status()).isEqualTo(200);
    assertThat(options.header("allow")).isEqualTo(methods);
    assertThat(options.text().replace(" ", "")).isEqualTo(methods);
    for (String method : new String[] {"PUT", "DELETE", "PATCH", "BREW"}) {
      Answer answer = http.send(method, path, noBody());
      assertProblem(answer, 405, "method-not-allowed");
      assertThat(answer.header("allow")).isEqualTo(methods);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/SUBMIT",
        "/submitx",
        "/submit/x",
        "/%73ubmit",
        "/results",
        "/results/",
        "/results/x/y",
        "/v1/jobs/x/result/y",
        "/v1/jobs/x/y/result",
      })
  void areOnlyWhereTheyAre(String path) {
    assertProblem(http.get(path), 404, "not-found");
  }

  @Test
  void anIdMayBeEscapedInThePath() {
    String id = submitted("");
    String escaped = "%" + Integer.toHexString(id.charAt(0)) + id.substring(1);

    assertThat(http.get("/results/" + escaped).string("id")).isEqualTo(id);
    assertThat(http.get("/v1/jobs/" + escaped + "/result").string("id")).isEqualTo(id);
    assertFieldProblem(http.get("/results/%78"), 400, "invalid-parameter", "id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/results/%s", "/v1/jobs/%s/result", "/v1/jobs?limit=1&state=DONE"})
  void answerToHeadAsToGetWithoutTheBody(String path) {
    String id = submitted("");
    api.succeed(id, "{\"a\":1}", "fine");
    Answer get = http.get(path.formatted(id));
    Answer head = http.send("HEAD", path.formatted(id), noBody());

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.text()).isEmpty();
    assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
    assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
  }

  /** As Jersey does; a weight of zero counts as well. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/*                 | 200",
        "text/html, */*;q=0.1          | 200",
        "application/json;q=0          | 200",
        "APPLICATION/JSON;version=1    | 200",
        "''                            | 200",
        "text/html                     | 406",
        "application/problem+json      | 406",
        "application/vnd.example+json  | 406",
        "json                          | 406",
        ";;;                           | 400",
        "application/json;q=2          | 400",
      })
  void readAcceptHeaders(String accept, int status) {
    String id = submitted("");
    api.succeed(id, "1", "fine");
    for (String path :
        new String[] {"/results/" + id, "/v1/jobs/" + id + "/result", "/v1/jobs?limit=1"}) {
      Answer answer = http.get(path, "Accept", accept);
      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    }
    assertThat(http.post("/submit", "{\"text\":\"a\"}", "Accept", accept).status())
        .isEqualTo(status == 200 ? 202 : status);
  }

  @Test
  void severalAcceptHeadersAreRead() {
    assertThat(http.get("/v1/jobs", "Accept", "text/html", "Accept", "application/json").status())
        .isEqualTo(200);
    assertThat(http.get("/v1/jobs", "Accept", "text/html", "Accept", "text/plain").status())
        .isEqualTo(406);
  }

  @Test
  void aBodyOfAnotherTypeIsRefusedBeforeAnAnswerOfAnotherTypeIs() {
    assertProblem(
        http.post("/submit", "{}", "content-type", "text/plain", "Accept", "text/html"),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=%31",
        "li%6dit=1",
        "&&limit=1",
        "limit=1&label=a:b+c",
        "limit=1&label=%zz:b",
        "limit=1&label={a}:b",
      })
  void readQueries(String query) {
    String request = "GET /v1/jobs?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close";

    assertThat(RawSocket.exchange(http.port(), request + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  private static void assertAlike(Answer hot, Answer odd) {
    assertThat(hot.status()).as(hot.text()).isEqualTo(odd.status());
    assertThat(headers(hot)).isEqualTo(headers(odd));
    assertThat(withoutVariables(hot.text())).isEqualTo(withoutVariables(odd.text()));
  }

  private static Map<String, Object> headers(Answer answer) {
    Map<String, Object> headers = new TreeMap<>(answer.response().headers().map());
    headers.remove("date");
    headers.remove("connection"); // where a body cannot be read, as fast as it came
    headers.computeIfPresent("location", (_, value) -> withoutVariables(value.toString()));
    return headers;
  }

  private static String withoutVariables(String text) {
    return text.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID").replaceAll("\\d{4}-[^\"]*Z", "TIME");
  }
}
