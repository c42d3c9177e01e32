package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TasksTest extends ApiTest {

  private static final String BODY = "{\"a\":1.50,\"b\":-2}";

  @ParameterizedTest
  @ValueSource(strings = {"add", "multiply", "sum_multiply"})
  void aTaskIsAJobOfItsTypeWithTheNumbersAsTheyWereSent(String type) {
    Answer made = http.post("/tasks/" + type, BODY);

    assertThat(made.status()).as(made.text()).isEqualTo(202);
    assertThat(made.header("location")).isEqualTo("/tasks/" + made.string("task_id"));
    assertThat(made.string("status")).isEqualTo("QUEUED");
    Answer job = http.get("/v1/jobs/" + made.string("task_id"));
    assertThat(job.string("type")).isEqualTo(type);
    assertThat(job.text()).contains("\"payload\":" + BODY);
  }

  @Test
  void aTaskIs202While200WhenAnd500UnlessItIsDone() {
    String path = http.post("/tasks/add", BODY).header("location");
    String id = path.substring(path.lastIndexOf('/') + 1);

    Answer queued = http.get(path + "?wait=1ms");
    assertThat(queued.status()).isEqualTo(202);
    assertThat(queued.header("retry-after")).isEqualTo("1");
    api.succeed(id, "{\"sum\":-0.50}", "fine");
    Answer done = http.get(path + "?wait=10ms");
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.text())
        .isEqualTo("{\"task_id\":\"" + id + "\",\"status\":\"DONE\",\"result\":{\"sum\":-0.50}}");

    String failed = http.post("/tasks/multiply", BODY).string("task_id");
    api.fail(failed, "boom");
    JsonNode problem = assertProblem(http.get("/tasks/" + failed), 500, "task-failed");
    assertThat(problem.path("detail").textValue()).contains(failed, "FAILED", "boom");
    assertThat(problem.path("state").textValue()).isEqualTo("FAILED");

    String cancelled = http.post("/tasks/multiply", BODY).string("task_id");
    http.post("/v1/jobs/" + cancelled + "/cancel", "");
    assertProblem(http.get("/tasks/" + cancelled), 500, "task-failed");
  }

  @Test
  void whatIsNotThereIs404() {
    assertProblem(http.get("/tasks/" + UNKNOWN_ID), 404, "unknown-job");
    assertProblem(http.get("/tasks/group/" + UNKNOWN_ID), 404, "unknown-task-group");
    String chain = http.post("/tasks/chain", BODY).string("workflow_id");
    assertProblem(http.get("/tasks/group/" + chain), 404, "unknown-task-group");
    assertFieldProblem(http.get("/tasks/x"), 400, "invalid-parameter", "id");
    assertFieldProblem(http.get("/tasks/group/x"), 400, "invalid-parameter", "id");
    assertProblem(http.get("/tasks/add"), 405, "method-not-allowed");
  }

  @Test
  void inAChainTheResultOfEachIsTheFirstNumberOfTheNext() {
    Answer made = http.post("/tasks/chain", BODY);

    assertThat(made.status()).as(made.text()).isEqualTo(202);
    List<String> ids = made.json().path("tasks").findValuesAsText("task_id");
    assertThat(ids).hasSize(3);
    assertThat(made.string("task_id")).isEqualTo(ids.getLast());
    assertThat(made.header("location")).isEqualTo("/tasks/" + ids.getLast());
    assertThat(made.json().path("tasks").findValuesAsText("status"))
        .containsExactly("QUEUED", "WAITING", "WAITING");
    assertThat(http.get("/v1/jobs/" + ids.get(1)).text())
        .contains("\"payload\":{\"a\":{\"$from\":\"add.sum\"},\"b\":-2}");
    assertThat(http.get("/v1/jobs/" + ids.get(2)).text())
        .contains("\"payload\":{\"a\":{\"$from\":\"multiply.product\"},\"b\":-2}");
    assertThat(http.get("/tasks/" + ids.get(2)).status()).isEqualTo(202);
    api.fail(ids.getFirst(), "boom");
    Answer skipped = http.get("/tasks/" + ids.get(2));
    assertThat(assertProblem(skipped, 500, "task-failed").path("state").textValue())
        .isEqualTo("SKIPPED");
  }

  @Test
  void aGroupHasTheResultsInOrderOnceAllAreThere() {
    Answer made = http.post("/tasks/group", BODY);
    List<String> ids = made.json().path("tasks").findValuesAsText("task_id");
    assertThat(made.header("location")).isEqualTo("/tasks/group/" + made.string("group_id"));

    for (int i = 2; i >= 0; i--) {
      Answer before = http.get(made.header("location"));
      assertThat(before.status()).isEqualTo(202);
      assertThat(before.json().path("tasks").findValuesAsText("task_id")).isEqualTo(ids);
      api.succeed(ids.get(i), "{\"n\":" + i + "}", "fine");
    }

    Answer done = http.get(made.header("location"));
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.text())
        .contains("\"status\":\"DONE\",\"results\":[{\"n\":0},{\"n\":1},{\"n\":2}]");
  }

  @Test
  void aGroupWithATaskThatFailedIs500WhenAllAreOver() {
    Answer made = http.post("/tasks/group", BODY);
    List<String> ids = made.json().path("tasks").findValuesAsText("task_id");
    api.fail(ids.getFirst(), "boom");
    assertThat(http.get(made.header("location")).status()).isEqualTo(202);
    api.succeed(ids.get(1), "1", "fine");
    api.succeed(ids.get(2), "2", "fine");

    JsonNode problem = assertProblem(http.get(made.header("location")), 500, "task-failed");

    assertThat(problem.path("detail").textValue()).contains("add is FAILED").doesNotContain("boom");
  }

  @Test
  void anotherGroupIsNoGroupOfTasks() {
    Answer other =
        http.post("/v1/groups", "{\"jobs\":[{\"type\":\"echo\",\"payload\":1}],\"name\":\"g\"}");

    assertThat(http.get("/tasks/group/" + other.string("id")).status()).isEqualTo(404);
    assertThat(http.get("/v1/workflows/" + other.string("id")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1} | b | missing-field",
        "{\"a\":null,\"b\":1} | a | wrong-type",
        "{\"a\":\"1\",\"b\":1} | a | wrong-type",
        "{\"a\":1,\"b\":[1]} | b | wrong-type",
        "{\"a\":1,\"b\":2,\"ms\":3} | ms | unknown-field",
        "{\"a\":1e32,\"b\":2} | a | invalid-value",
        "{\"a\":1.0000000000000000000000000000e1,\"b\":1234567890123456789012345678901} | b |"
            + " invalid-value",
        "{\"a\":1e-31,\"b\":2} | a | invalid-value",
        "{\"a\":1e999999999,\"b\":2} | a | invalid-value",
        "{\"a\":1e99999999999999999999,\"b\":2} | a | invalid-value",
      })
  void whatIsWrongIsNamed(String body, String field, String kind) {
    for (String path : List.of("add", "multiply", "sum_multiply", "chain", "group")) {
      assertFieldProblem(http.post("/tasks/" + path, body), 422, kind, field);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":123456789012345678901234567890,\"b\":-1e30}",
        "{\"a\":1e-30,\"b\":0.000000000000000000000000000001}"
      })
  void numbersOfThirtyDigitsAreTaken(String body) {
    assertThat(http.post("/tasks/sum_multiply", body).status()).isEqualTo(202);
  }

  /** The sum of the first has 30 digits, that of the second 31. */
  @Test
  void aChainWhoseStepsWouldGetTooLongIsRefused() {
    String most = "{\"a\":999999999999999999999999999998,\"b\":1}";
    String more = "{\"a\":999999999999999999999999999999,\"b\":1}";

    assertThat(http.post("/tasks/chain", most).status()).isEqualTo(202);
    assertFieldProblem(http.post("/tasks/chain", more), 422, "invalid-value", "a");
    assertFieldProblem(
        http.post("/tasks/chain", "{\"a\":1e15,\"b\":1e16}"), 422, "invalid-value", "a");
    assertThat(http.post("/tasks/group", more).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "chain", "group"})
  void aKeyMakesOne(String path) {
    String key = "tasks-" + path;
    Answer first = http.post("/tasks/" + path, BODY, "Idempotency-Key", key);
    Answer again = http.post("/tasks/" + path, BODY, "Idempotency-Key", key);

    assertThat(again.header("location")).isEqualTo(first.header("location"));
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertProblem(
        http.post("/tasks/" + path, "{\"a\":1,\"b\":2}", "Idempotency-Key", key),
        422,
        "idempotency-key-reused");
  }

  @Test
  void theExamplesOfTheDocumentsAreAccepted() {
    Matcher example =
        Pattern.compile("curl localhost:8000(/tasks/\\w+) [^\n]*-d '(\\{.*?\\})'")
            .matcher(Documents.all());
    List<String> found = new ArrayList<>();
    while (example.find()) {
      found.add(example.group(1));
      Answer answer = http.post(example.group(1), example.group(2));
      assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }
    assertThat(found).containsExactly("/tasks/add", "/tasks/chain", "/tasks/group");
  }
}
