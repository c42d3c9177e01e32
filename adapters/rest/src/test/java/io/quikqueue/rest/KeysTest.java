package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;

/** Idempotency keys whose jobs were deleted. */
class KeysTest extends ApiTest {

  private static final String JOB =
      "{\"type\":\"echo\",\"payload\":1,\"queue\":\"keys\",\"delay\":\"1h\"}";

  @Test
  void aKeyShowsTheJobThatWasDeleted() {
    Answer first = http.post("/v1/jobs", JOB, "Idempotency-Key", "gone-1");
    delete(first);

    Answer again = http.post("/v1/jobs", JOB, "Idempotency-Key", "gone-1");

    assertThat(again.status()).as(again.text()).isEqualTo(202);
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertThat(again.header("location")).isEqualTo(first.header("location"));
    assertDeleted(again.json(), first);
    Answer other = http.post("/v1/jobs", JOB.replace("1h", "2h"), "Idempotency-Key", "gone-1");
    assertFieldProblem(other, 422, "idempotency-key-reused", "Idempotency-Key");
  }

  @Test
  void aKeyOfABatchsItemShowsTheJobThatWasDeleted() {
    Answer first = http.post("/v1/jobs", JOB, "Idempotency-Key", "gone-2");
    delete(first);

    Answer again =
        http.post(
            "/v1/jobs/batch", "[" + JOB.replace("}", ",\"idempotency_key\":\"gone-2\"}") + "]");

    assertThat(again.status()).as(again.text()).isEqualTo(202);
    assertDeleted(again.json().at("/items/0"), first);
  }

  @Test
  void aKeyOfATextShowsTheJobThatWasDeleted() {
    Answer first = http.post("/submit", "{\"text\":\"a\"}", "Idempotency-Key", "gone-3");
    http.post("/v1/jobs/" + first.string("id") + "/cancel", "");
    http.delete("/v1/queues/default/jobs");

    Answer again = http.post("/submit", "{\"text\":\"a\"}", "Idempotency-Key", "gone-3");

    assertThat(again.status()).as(again.text()).isEqualTo(202);
    assertThat(again.header("location")).isEqualTo(first.header("location"));
    assertDeleted(again.json(), first);
  }

  private void delete(Answer submitted) {
    String path = "/v1/jobs/" + submitted.string("id");
    assertThat(http.post(path + "/cancel", "").status()).isEqualTo(200);
    assertThat(http.delete("/v1/queues/keys/jobs").status()).isEqualTo(200);
    assertThat(http.get(path).status()).isEqualTo(404);
  }

  private static void assertDeleted(JsonNode answer, Answer first) {
    assertThat(answer.path("id").textValue()).isEqualTo(first.string("id"));
    assertThat(answer.path("state").textValue()).isEqualTo("CANCELLED");
    assertThat(answer.path("status").textValue()).isEqualTo("CANCELLED");
    assertThat(answer.path("deleted").booleanValue()).isTrue();
  }
}
