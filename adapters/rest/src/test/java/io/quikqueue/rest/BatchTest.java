package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.rest.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest extends ApiTest {

  private static final String PATH = "/v1/jobs/batch";
  private static final String LINES = "application/x-ndjson";

  private static String job(Object payload) {
    return "{\"type\":\"echo\",\"payload\":" + payload + "}";
  }

  private long stored() {
    return api.memory.all().stream().mapToLong(QueueFigures::submitted).sum();
  }

  @Test
  void answersInTheOrderSent() {
    Answer answer =
        http.post(
            PATH,
            "[ "
                + job("\"],{\\\"[\\\\\"")
                + " ,\n"
                + "{\"type\":\"nobody\",\"payload\":1},"
                + "{\"type\":\"echo\",\"payload\":1,\"retry\":{\"x\":1}} , 7, "
                + "{\"type\":\"echo\",\"payload\":[[],{}],\"delay\":\"1h\"}]");

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    JsonNode items = answer.json().path("items");
    assertThat(items).hasSize(5);
    assertThat(items.at("/0/status").textValue()).isEqualTo("QUEUED");
    assertThat(items.at("/1/error/type").textValue()).endsWith(":unknown-type");
    assertThat(items.at("/1/error/status").intValue()).isEqualTo(422);
    assertThat(items.at("/2/error/field").textValue()).isEqualTo("retry.x");
    assertThat(items.at("/3/error/type").textValue()).endsWith(":wrong-type");
    assertThat(items.at("/4/status").textValue()).isEqualTo("SCHEDULED");
    Answer first = http.get("/v1/jobs/" + items.at("/0/id").textValue());
    assertThat(first.json().path("payload").textValue()).isEqualTo("],{\"[\\");
  }

  /** Of twenty errors each, 10,000 items would be answered with more than the heap holds. */
  @Test
  void tellsTheFirstOfManyWrongItemsInFull() {
    StringBuilder wrong = new StringBuilder("{\"type\":\"echo\",\"payload\":1");
    for (int i = 0; i < 20; i++) {
      wrong.append(",\"").append(i).append("\":1");
    }
    wrong.append('}');
    String body = "[" + (wrong + ",").repeat(5_000) + job(1) + "]";

    Answer answer = http.post(PATH, body);

    assertThat(answer.status()).isEqualTo(202);
    JsonNode items = answer.json().path("items");
    assertThat(items).hasSize(5_001);
    assertThat(items.at("/0/error/errors")).hasSize(20);
    JsonNode last = items.at("/4999/error");
    assertThat(last.path("type").textValue()).endsWith(":unknown-field");
    assertThat(last.path("status").intValue()).isEqualTo(422);
    assertThat(last.path("detail").textValue()).startsWith("not told in full");
    assertThat(last.has("errors")).isFalse();
    assertThat(items.at("/5000/status").textValue()).isEqualTo("QUEUED");
    assertThat(answer.response().body()).hasSizeLessThan(4 << 20);
  }

  @Test
  void takesLines() {
    Answer answer =
        http.post(
            PATH,
            "\n" + job(1) + "\r\n\n{\"type\":\n" + job("\"ü\"") + "\n" + job(3) + " x\n" + job(4),
            "content-type",
            LINES);

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    JsonNode items = answer.json().path("items");
    assertThat(items).hasSize(5);
    assertThat(items.at("/0/id").isTextual()).isTrue();
    assertThat(items.at("/1/error/type").textValue()).endsWith(":malformed-json");
    assertThat(items.at("/1/error/detail").textValue()).contains("line 4");
    assertThat(items.at("/2/id").isTextual()).isTrue();
    assertThat(items.at("/3/error/detail").textValue()).contains("line 6");
    assertThat(items.at("/4/id").isTextual()).isTrue();
  }

  @Test
  void takesTenThousandAndNotOneMore() {
    String items = (job(1) + ",").repeat(9_999) + job(1);

    Answer answer = http.post(PATH, "[" + items + "]");

    assertThat(answer.status()).isEqualTo(202);
    Set<String> ids = new HashSet<>(answer.json().path("items").findValuesAsText("id"));
    assertThat(ids).hasSize(10_000);
    long before = stored();
    assertProblem(http.post(PATH, "[" + items + "," + job(1) + "]"), 413, "too-many-items");
    assertThat(stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1]]",
        "[1] x",
        "[{\"type\":\"echo\",\"payload\":1},{]",
        "[{\"type\":\"echo\",\"payload\":1}, \"abc]",
        "[\"\\"
      })
  void storesNothingOfAnArrayThatIsMalformed(String body) {
    long before = stored();

    assertProblem(http.post(PATH, body), 400, "malformed-json");

    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void saysWhereAnArrayIsMalformed() {
    Answer answer = http.post(PATH, "[" + job(1) + ",\n  " + job("[1,,]") + "]");

    assertThat(answer.string("detail")).contains("line 2, column 31");
  }

  @Test
  void takesAnEmptyArray() {
    assertThat(http.post(PATH, " [ ] ").text()).isEqualTo("{\"items\":[]}");
    assertProblem(http.post(PATH, ""), 400, "malformed-json");
    assertProblem(http.post(PATH, "\n \n", "content-type", LINES), 400, "malformed-json");
  }

  @Test
  void boundsItsItemsAndItself() {
    String large = "\"" + "x".repeat(ApiUnderTest.MAX_BODY) + "\"";

    Answer one = http.post(PATH, "[" + job(1) + "," + job(large) + "," + job(2) + "]");
    assertThat(one.json().at("/items/0/id").isTextual()).isTrue();
    assertThat(one.json().at("/items/1/error/status").intValue()).isEqualTo(413);
    assertThat(one.json().at("/items/2/id").isTextual()).isTrue();
    String all = (job(large) + "\n").repeat(ApiUnderTest.MAX_BATCH / ApiUnderTest.MAX_BODY + 1);
    assertProblem(http.post(PATH, all, "content-type", LINES), 413, "body-too-large");
  }

  @Test
  void refusesLinesThatAreNotUtf8() {
    byte[] body = (job(1) + "\n" + job("\"_\"") + "\n").getBytes(StandardCharsets.UTF_8);
    body[body.length - 4] = (byte) 0xFF;

    JsonNode items = http.post(PATH, body, "content-type", LINES).json().path("items");

    assertThat(items.at("/0/id").isTextual()).isTrue();
    assertThat(items.at("/1/error/type").textValue()).endsWith(":malformed-json");
  }

  @Test
  void makesOneJobPerKey() {
    String keyed = "{\"type\":\"echo\",\"payload\":1,\"idempotency_key\":\"batch-1\"}";
    String other = "{\"type\":\"echo\",\"payload\":2,\"idempotency_key\":\"batch-1\"}";
    String wrong = "{\"type\":\"echo\",\"payload\":2,\"idempotency_key\":\"\"}";

    JsonNode items =
        http.post(PATH, "[" + keyed + "," + keyed + "," + other + "," + wrong + "]")
            .json()
            .path("items");
    Answer single = http.post("/v1/jobs", job(1), "Idempotency-Key", "batch-1");

    assertThat(items.at("/1/id")).isEqualTo(items.at("/0/id"));
    assertThat(items.at("/2/error/type").textValue()).endsWith(":idempotency-key-reused");
    assertThat(items.at("/2/error/field").textValue()).isEqualTo("idempotency_key");
    assertThat(items.at("/3/error/field").textValue()).isEqualTo("idempotency_key");
    assertThat(single.json().path("id")).isEqualTo(items.at("/0/id"));
    assertFieldProblem(
        http.post(PATH, "[]", "Idempotency-Key", "x"), 400, "invalid-parameter", "Idempotency-Key");
  }

  @Test
  void keepsWhatWasStoredWhenTheStoreGoesAway() {
    AtomicInteger calls = new AtomicInteger();
    api.store.before(
        () -> {
          if (calls.incrementAndGet() > 2) {
            throw new UnavailableException("store", "gone");
          }
        });

    Answer answer = http.post(PATH, "[" + (job(1) + ",").repeat(7_999) + job(1) + "]");

    assertThat(answer.status()).isEqualTo(202);
    int stored = 0;
    for (JsonNode item : answer.json().path("items")) {
      if (item.has("id")) {
        stored++;
        assertThat(item.path("state").textValue()).isEqualTo("QUEUED");
      } else {
        assertThat(item.at("/error/status").intValue()).isEqualTo(503);
      }
    }
    assertThat(answer.json().path("items")).hasSize(8_000);
    assertThat(stored).isBetween(1, 2_000);
  }

  @Test
  void answers503WhenNothingCouldBeStored() {
    api.store.before(
        () -> {
          throw new UnavailableException("store", "gone");
        });

    Answer answer = http.post(PATH, "[" + job(1) + ",{}]");

    assertProblem(answer, 503, "unavailable");
    assertThat(answer.header("retry-after")).isNotBlank();
  }

  @Test
  void queuesOfABatchThatIsRefusedDoNotCount() {
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < 1_000; i++) {
      batch.append("{\"type\":\"echo\",\"payload\":1,\"queue\":\"never-").append(i).append("\"},");
    }
    assertProblem(http.post("/v1/jobs/batch", batch + "x"), 400, "malformed-json");

    submitted(",\"queue\":\"new-after-a-batch\"");
  }
}
