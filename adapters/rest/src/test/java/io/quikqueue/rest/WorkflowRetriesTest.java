package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.rest.Http.Answer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowRetriesTest extends ApiTest {

  private static final String THREE =
      "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1},"
          + "{\"name\":\"b\",\"type\":\"echo\",\"payload\":2,\"needs\":[\"a\"]},"
          + "{\"name\":\"c\",\"type\":\"echo\",\"payload\":{\"$from\":\"a\"},\"needs\":[\"b\"]}]}";

  private String job(String path, int node) {
    return http.get(path).json().at("/nodes/" + node + "/job_id").textValue();
  }

  /** Its nodes are: a DONE, b FAILED, c SKIPPED. */
  private String failed() {
    String path = http.post("/v1/workflows", THREE).header("location");
    api.change(job(path, 0), each -> each.succeed("7", null, api.clock.instant()));
    api.change(job(path, 1), each -> each.fail(new Failure("no", true), 0.5, api.clock.instant()));
    assertThat(http.get(path).json().path("state").textValue()).isEqualTo("FAILED");
    return path;
  }

  @Test
  void whatFailedRunsAgainAndTheGenerationBeforeIsStillThere() {
    String path = failed();
    String first = job(path, 1);

    Answer retried = http.post(path + "/retry", "");

    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    assertThat(retried.header("location")).isEqualTo(path);
    JsonNode now = http.get(path).json();
    assertThat(now.path("generation").intValue()).isEqualTo(2);
    assertThat(now.path("state").textValue()).isEqualTo("RUNNING");
    assertThat(now.path("finished_at").isNull()).isTrue();
    assertThat(now.at("/nodes/0/state").textValue()).isEqualTo("DONE");
    assertThat(now.at("/nodes/1/state").textValue()).isEqualTo("QUEUED");
    assertThat(now.at("/nodes/1/job_id").textValue()).isNotEqualTo(first);
    assertThat(now.at("/nodes/2/state").textValue()).isEqualTo("WAITING");
    JsonNode before = http.get(path + "?generation=1").json();
    assertThat(before.path("generation").intValue()).isOne();
    assertThat(before.path("state").textValue()).isEqualTo("FAILED");
    assertThat(before.path("finished_at").isNull()).isFalse();
    assertThat(before.at("/nodes/1/job_id").textValue()).isEqualTo(first);
    assertThat(before.at("/nodes/2/state").textValue()).isEqualTo("SKIPPED");
    assertThat(http.get(path + "?generation=3").status()).isEqualTo(404);
    assertThat(http.get(path + "?generation=0").status()).isEqualTo(400);
    assertThat(http.get("/v1/jobs/" + first).json().path("state").textValue()).isEqualTo("FAILED");
  }

  @Test
  void aNodeThatRunsAgainMayHaveAnotherPayload() {
    String path = failed();

    Answer retried =
        http.post(
            path + "/retry",
            "{\"from\":[\"a\"],\"payloads\":{\"b\":{\"seen\":{\"$from\":\"a\"}}, \"a\": [1] }}");

    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    assertThat(http.get("/v1/jobs/" + job(path, 0)).json().path("payload").toString())
        .isEqualTo("[1]");
    assertThat(http.get("/v1/jobs/" + job(path, 1)).json().at("/payload/seen/$from").textValue())
        .isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | body",
        "{\"mode\":\"most\"} | mode",
        "{\"mode\":\"all\",\"from\":[\"a\"]} | from",
        "{\"from\":[]} | from",
        "{\"from\":[\"a\",\"x\"]} | from.1",
        "{\"from\":[\"c\"]} | from.0",
        "{\"from\":{}} | from",
        "{\"payloads\":{\"a\":1}} | payloads.a",
        "{\"payloads\":{\"x\":1}} | payloads.x",
        "{\"payloads\":{\"a b\":1}} | payloads",
        "{\"payloads\":{\"b\":{\"$from\":\"c\"}}} | payloads.b",
        "{\"payloads\":{\"b\":{\"$from\":\"x\"}}} | payloads.b",
        "{\"payloads\":1} | payloads",
        "{\"node\":1} | node"
      })
  void whatIsWrongIsNamed(String body, String field) {
    String path = failed();

    Answer answer = http.post(path + "/retry", body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.json().path("field").textValue()).isEqualTo(field);
    assertThat(http.get(path).json().path("generation").intValue()).isOne();
  }

  @Test
  void aNewPayloadTakesNoSecretToWhereEverybodySeesIt() {
    String nodes =
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1},{\"name\":\"b\",\"type\":\"echo\","
            + "\"needs\":[\"a\"],\"payload\":{\"password\":{\"$from\":\"a\"}}},"
            + "{\"name\":\"c\",\"type\":\"echo\",\"needs\":[\"b\"],\"payload\":1}]}";
    String path = http.post("/v1/workflows", nodes).header("location");
    api.succeed(job(path, 0), "\"t0p\"", null);
    api.succeed(job(path, 1), "\"t0p\"", null);
    api.fail(job(path, 2), "boom");

    Answer shows = http.post(path + "/retry", "{\"payloads\":{\"c\":{\"x\":{\"$from\":\"b\"}}}}");
    assertFieldProblem(shows, 422, "invalid-value", "payloads.c");
    String all = "{\"mode\":\"all\",\"payloads\":{\"c\":[{\"$from\":\"b\"}]}}";
    assertFieldProblem(http.post(path + "/retry", all), 422, "invalid-value", "payloads.c");
    String keeps = "{\"payloads\":{\"c\":{\"password\":{\"$from\":\"b\"}}}}";
    assertThat(http.post(path + "/retry", keeps).status()).isEqualTo(202);
  }

  @Test
  void aPayloadMayBeAsLargeAsThatOfAJob() {
    String path = failed();
    int most = ApiUnderTest.MAX_BODY;
    String fits = "{\"payloads\":{\"b\":\"%s\"}}".formatted("x".repeat(most - 2));
    String large = "{\"payloads\":{\"b\":\"%s\"}}".formatted("x".repeat(most - 1));

    assertThat(http.post(path + "/retry", large).status()).isEqualTo(422);
    Answer accepted = http.post(path + "/retry", fits);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
  }

  @Test
  void aWorkflowThatRunsIsNotRetried() {
    String path = http.post("/v1/workflows", THREE).header("location");

    Answer refused = http.post(path + "/retry", "{\"mode\":\"all\"}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("state").textValue()).isEqualTo("RUNNING");
  }

  @Test
  void whoRetriesANodeByItselfIsToldWhatToRetry() {
    String path = failed();

    Answer refused = http.post("/v1/jobs/" + job(path, 1) + "/retry", "");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text()).contains("cannot retry; it is a node of a workflow, ");
    assertThat(refused.text()).contains("POST " + path + "/retry");
  }

  @Test
  void whereNothingFailedThereIsNothingToRetry() {
    String path =
        http.post("/v1/groups", "{\"jobs\":[{\"type\":\"echo\",\"payload\":1}]}")
            .header("location");
    api.change(job(path, 0), each -> each.succeed("7", null, api.clock.instant()));

    assertThat(http.post(path + "/retry", "").status()).isEqualTo(409);
    assertThat(http.post(path + "/retry", "{\"mode\":\"all\"}").status()).isEqualTo(202);
  }

  @Test
  void whatHasBeenDeletedIsNotRetried() {
    String path = failed();
    http.delete("/v1/queues/default/jobs");

    Answer refused = http.post(path + "/retry", "");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text()).contains("node \\\"b\\\" has been deleted");
  }

  @Test
  void aKeyRetriesOnce() {
    String path = failed();
    Answer first = http.post(path + "/retry", "{}", "Idempotency-Key", "k");
    Answer again = http.post(path + "/retry", "{}", "Idempotency-Key", "k");
    Answer other = http.post(path + "/retry", "{\"mode\":\"all\"}", "Idempotency-Key", "k");

    assertThat(first.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text()).contains("idempotency-key-reused");
    assertThat(http.get(path).json().path("generation").intValue()).isEqualTo(2);
  }

  /** Of three, of which b gets a result in this field and c fails. */
  private String withField(String field, String last) {
    String path =
        http.post(
                "/v1/workflows",
                "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1},"
                    + "{\"name\":\"b\",\"type\":\"echo\",\"needs\":[\"a\"],\"payload\":{\""
                    + field
                    + "\":{\"$from\":\"a\"}}},"
                    + "{\"name\":\"c\",\"type\":\"echo\",\"needs\":[\"b\"],\"payload\":"
                    + last
                    + "}]}")
            .header("location");
    api.change(job(path, 0), each -> each.succeed("7", null, api.clock.instant()));
    api.change(job(path, 1), each -> each.succeed("{}", null, api.clock.instant()));
    api.change(job(path, 2), each -> each.cancel(api.clock.instant()));
    return path;
  }

  @Test
  void aNewPayloadTakesWhatIsSecretIntoSecretFieldsOnly() {
    String path = withField("password", "2");

    Answer refused =
        http.post(path + "/retry", "{\"payloads\":{\"c\":{\"seen\":{\"$from\":\"b\"}}}}");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("payloads.c");
    assertThat(http.get(path).json().path("generation").intValue()).isOne();

    Answer accepted =
        http.post(path + "/retry", "{\"payloads\":{\"c\":{\"password\":{\"$from\":\"b\"}}}}");
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
  }

  @Test
  void aNewPayloadMakesNothingSecretThatAnotherNodeShows() {
    String path = withField("plain", "{\"seen\":{\"$from\":\"b\"}}");

    Answer refused =
        http.post(
            path + "/retry",
            "{\"from\":[\"b\"],\"payloads\":{\"b\":{\"password\":{\"$from\":\"a\"}}}}");

    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("payloads.c");
  }

  /** As who reads a job and sends it again does. */
  @Test
  void aReferenceBehindAMaskStaysOne() {
    String path = withField("password", "2");
    String masked = "{\"from\":[\"b\"],\"payloads\":{\"b\":{\"password\":\"[REDACTED]\"}%s}}";
    String shows = ",\"c\":{\"seen\":{\"$from\":\"b\"}}";
    assertThat(http.get("/v1/jobs/" + job(path, 1)).json().at("/payload/password").textValue())
        .isEqualTo("[REDACTED]");

    Answer refused = http.post(path + "/retry", masked.formatted(shows));
    assertFieldProblem(refused, 422, "invalid-value", "payloads.c");
    Answer retried = http.post(path + "/retry", masked.formatted(""));

    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    JobId id = JobId.parse(job(path, 1));
    JobSpec again = api.memory.find(List.of(id)).get(id).spec();
    assertThat(again.payload()).isEqualTo("{\"password\":{\"$from\":\"a\"}}");
    assertThat(again.node()).isNotNull().satisfies(node -> assertThat(node.refers()).isTrue());
  }

  @Test
  void theExampleOfTheDocumentsIsAccepted() {
    String documents = Documents.all();
    String path =
        http.post("/v1/workflows", example(documents, "/v1/workflows")).header("location");
    api.change(job(path, 0), each -> each.succeed("{}", null, api.clock.instant()));
    api.change(job(path, 1), each -> each.cancel(api.clock.instant()));
    api.change(job(path, 2), each -> each.succeed("1", null, api.clock.instant()));

    Answer retried = http.post(path + "/retry", example(documents, "/v1/workflows/ID/retry"));

    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    assertThat(http.get("/v1/jobs/" + job(path, 1)).json().at("/payload/px").intValue())
        .isEqualTo(32);
  }

  private static String example(String documents, String path) {
    Matcher example =
        Pattern.compile("curl localhost:8000" + path + " [^\n]*-d '(\\{.*?\n\\})'", Pattern.DOTALL)
            .matcher(documents);
    assertThat(example.find()).isTrue();
    return example.group(1);
  }
}
