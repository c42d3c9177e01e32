package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;

class SubmitTest extends ApiTest {

  @Test
  void takesTextIn() {
    Answer answer = http.post("/submit", "{\"text\":\"hello\"}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.text())
        .isEqualTo("{\"id\":\"" + answer.string("id") + "\",\"status\":\"QUEUED\"}");
    assertThat(answer.header("location")).isEqualTo("/results/" + answer.string("id"));
    assertThat(answer.header("retry-after")).isEqualTo("1");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void makesAnHttpJobOfTheText() {
    Answer answer = http.post("/submit", "{\"text\":\"gr\\u00fc\\\"n ✓\"}");

    Answer job = http.get("/v1/jobs/" + answer.string("id"));
    assertThat(job.string("type")).isEqualTo("http");
    assertThat(job.json().at("/payload/url").textValue()).isEqualTo(ApiUnderTest.ENDPOINT);
    assertThat(job.json().at("/payload/method").textValue()).isEqualTo("POST");
    assertThat(job.json().at("/payload/headers/content-type").textValue())
        .isEqualTo("application/json");
    assertThat(job.json().at("/payload/body/text").textValue()).isEqualTo("grü\"n ✓");
  }

  @Test
  void refusesBlankText() {
    assertFieldProblem(http.post("/submit", "{\"text\":\" \"}"), 422, "invalid-value", "text");
    assertFieldProblem(http.post("/submit", "{\"text\":1}"), 422, "wrong-type", "text");
    assertFieldProblem(http.post("/submit", "{}"), 422, "missing-field", "text");
    assertFieldProblem(
        http.post("/submit", "{\"text\":\"a\",\"x\":[{}]}"), 422, "unknown-field", "x");
    assertFieldProblem(http.post("/submit", "[]"), 422, "wrong-type", "body");
  }

  @Test
  void makesOneJobPerIdempotencyKey() {
    Answer first = http.post("/submit", "{\"text\":\"a\"}", "Idempotency-Key", "k1");
    Answer again = http.post("/submit", " {\"text\":\"\\u0061\"} ", "Idempotency-Key", "k1");
    Answer other = http.post("/submit", "{\"text\":\"b\"}", "Idempotency-Key", "k1");

    assertThat(first.header("idempotency-replayed")).isNull();
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.string("id")).isEqualTo(first.string("id"));
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertFieldProblem(other, 422, "idempotency-key-reused", "Idempotency-Key");
  }

  @Test
  void showsHowItFares() {
    String id = http.post("/submit", "{\"text\":\"hello\"}").string("id");

    Answer before = http.get("/results/" + id);
    assertThat(before.status()).isEqualTo(202);
    assertThat(before.header("retry-after")).isEqualTo("1");
    api.succeed(id, "{\"status\":200,\"n\":1.50}", "HTTP 200");
    Answer after = http.get("/results/" + id);

    assertThat(after.status()).isEqualTo(200);
    assertThat(after.json().fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "status",
            "text",
            "note",
            "result",
            "error",
            "attempt",
            "created_at",
            "updated_at");
    assertThat(after.string("status")).isEqualTo("DONE");
    assertThat(after.string("text")).isEqualTo("hello");
    assertThat(after.string("note")).isEqualTo("HTTP 200");
    assertThat(after.text()).contains("\"result\":{\"status\":200,\"n\":1.50},\"error\":null");
  }

  @Test
  void waitsForTheEnd() {
    String id = http.post("/submit", "{\"text\":\"hello\"}").string("id");
    Thread worker =
        Thread.startVirtualThread(
            () -> {
              http.get("/results/" + id + "?wait=200ms"); // some time passes
              api.succeed(id, "1", null);
            });

    Answer answer = http.get("/results/" + id + "?wait=PT90S");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(worker.isAlive() || answer.string("status").equals("DONE")).isTrue();
  }

  @Test
  void hasNoTextForOtherJobs() {
    assertThat(http.get("/results/" + submitted("")).json().get("text").isNull()).isTrue();
  }

  @Test
  void refusesBadIdsAndWaits() {
    assertProblem(http.get("/results/" + UNKNOWN_ID), 404, "unknown-job");
    assertFieldProblem(http.get("/results/1"), 400, "invalid-parameter", "id");
    String path = "/results/" + submitted("");
    for (String wait : new String[] {"", "x", "-1s", "91s", "5", "PT1000000000000S"}) {
      assertFieldProblem(http.get(path + "?wait=" + wait), 400, "invalid-parameter", "wait");
    }
    assertFieldProblem(http.get(path + "?wait=1s&wait=2s"), 400, "invalid-parameter", "wait");
    assertFieldProblem(http.get(path + "?wit=1s"), 400, "invalid-parameter", "wit");
  }
}
