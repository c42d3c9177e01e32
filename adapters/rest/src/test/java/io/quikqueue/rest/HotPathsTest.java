package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.rest.Http.Answer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same request gets the same answer with Jersey, which has all with an odd Accept, or not. */
class HotPathsTest extends ApiTest {

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
