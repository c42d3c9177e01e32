package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.rest.Http.Answer;
import io.quikqueue.rest.WorkflowReader.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowsTest extends ApiTest {

  private static final String TWO =
      "{\"name\":\"w\",\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1},"
          + "{\"name\":\"b\",\"type\":\"echo\",\"payload\":2,\"needs\":[\"a\"]}]}";

  @Test
  void whatIsWrongWithANodeIsToldWithItsPlace() {
    String one = "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,\"x\":2}]}";
    String two =
        "{\"nodes\":[{\"name\":\"a b\",\"type\":\"echo\",\"payload\":1,\"run_if\":\"x\"}]}";

    assertThat(http.post("/v1/workflows", one).json().path("detail").textValue())
        .isEqualTo("nodes.0.x: is not a field of this request");
    assertThat(http.post("/v1/workflows", two).json().path("detail").textValue())
        .startsWith("nodes.0.name: must be ")
        .contains("; nodes.0.run_if: must be one of \"all_succeeded\", ");
  }

  @Test
  void aWorkflowIsAcceptedAndShown() {
    Answer made = http.post("/v1/workflows", TWO);

    assertThat(made.status()).isEqualTo(202);
    JsonNode shown = http.get(made.header("location")).json();
    assertThat(shown.path("state").textValue()).isEqualTo("RUNNING");
    assertThat(shown.path("name").textValue()).isEqualTo("w");
    assertThat(shown.at("/counts/waiting").intValue()).isOne();
    assertThat(shown.at("/nodes/0/state").textValue()).isEqualTo("QUEUED");
    assertThat(shown.at("/nodes/1/state").textValue()).isEqualTo("WAITING");
    assertThat(shown.at("/nodes/1/needs/0").textValue()).isEqualTo("a");
    assertThat(shown.path("next").isNull()).isTrue();
  }

  @Test
  void nodesComeInPages() {
    String path = http.post("/v1/workflows", TWO).header("location");

    assertThat(http.get(path + "?limit=1").json().path("next").intValue()).isOne();
    assertThat(http.get(path + "?limit=1&from=1").json().at("/nodes/0/name").textValue())
        .isEqualTo("b");
    assertThat(http.get(path + "?limit=501").status()).isEqualTo(400);
    assertThat(http.get(path + "?from=-1").status()).isEqualTo(400);
  }

  @Test
  void aKeyMakesOneWorkflow() {
    Answer first = http.post("/v1/workflows", TWO, "Idempotency-Key", "w1");
    Answer again = http.post("/v1/workflows", TWO, "Idempotency-Key", "w1");
    Answer other =
        http.post("/v1/workflows", TWO.replace("\"w\"", "\"x\""), "Idempotency-Key", "w1");

    assertThat(again.string("id")).isEqualTo(first.string("id"));
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text()).contains("idempotency-key-reused", first.string("id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | nodes",
        "{\"nodes\":[]} | nodes",
        "{\"nodes\":[1]} | nodes.0",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\"}]} | nodes.0.payload",
        "{\"nodes\":[{\"type\":\"echo\",\"payload\":1}]} | nodes.0.name",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"nobody\",\"payload\":1}]} | nodes.0.type",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"http\",\"payload\":1}]} | nodes.0.payload",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,\"needs\":[\"a\"]}]} |"
            + " nodes.0.needs.0",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,\"ordering_key\":\"k\"}]}"
            + " | nodes.0.ordering_key",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,\"on_failed_head\":\"hold\"}]}"
            + " | nodes.0.on_failed_head",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,\"unique\":{}}]} |"
            + " nodes.0.unique",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,\"run_if\":\"x\"}]} |"
            + " nodes.0.run_if",
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":{\"$from\":\"b\"}}]} |"
            + " nodes.0.payload",
        "{\"nodes\":[],\"labels\":{}} | labels",
        "{\"nodes\":[],\"context\":[]} | context",
        "{\"nodes\":[],\"context\":{\"$from\":\"a\"}} | context",
        "{\"nodes\":[],\"context\":{\"a\":[1],\"b\":[{\"c\":{\"$from\":\"a\"}}],\"d\":2}} |"
            + " context.b",
        "{\"nodes\":[],\"context\":{\"a b\":{\"$from\":\"a\"}}} | context",
        "{\"nodes\":[],\"name\":\"a b\"} | name"
      })
  void whatIsWrongIsNamed(String body, String field) {
    Answer answer = http.post("/v1/workflows", body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.json().path("field").textValue()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"$from\":\"context.a.1.b\"} | true",
        "[1,{\"x\":{\"$from\":\"context.to\"}}] | [1,{\"x\":\"me\"}]",
        "{\"$from\":\"context\"} | {\"to\":\"me\",\"a\":[0,{\"b\":true}]}",
        "{\"x\":\"$from context.to\"} | {\"x\":\"$from context.to\"}",
        "{\"$from\":\"contexts\"} | {\"$from\":\"contexts\"}"
      })
  void valuesOfTheContextAreWrittenIntoPayloads(String payload, String shown) {
    String nodes =
        "{\"name\":\"contexts\",\"type\":\"echo\",\"payload\":1},"
            + "{\"name\":\"b\",\"type\":\"echo\",\"needs\":[\"contexts\"],\"payload\":%s}";
    Answer made = http.post("/v1/workflows", withContext("nodes", nodes.formatted(payload)));

    assertThat(made.status()).as(made.text()).isEqualTo(202);
    assertThat(payloadOf(made, 1)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "chains | 0 | `{\"x\":{\"$from\":\"context.to\"}}` | {\"x\":\"me\"}",
        "groups | 0 | `{\"x\":{\"$from\":\"context.to\"}}` | {\"x\":\"me\"}",
        "chains | 1 | `[{\"$from\":\"previous\"},{\"$from\":\"context.to\"}]` |"
            + " [{\"$from\":\"job-0\"},\"me\"]"
      })
  void theShorthandsHaveAContextToo(String route, int node, String payload, String shown) {
    String jobs = "{\"type\":\"echo\",\"payload\":%s}".formatted(node == 0 ? payload : "1");
    String second = ",{\"type\":\"echo\",\"payload\":%s}".formatted(payload);
    Answer made = http.post("/v1/" + route, withContext("jobs", node == 0 ? jobs : jobs + second));

    assertThat(made.status()).as(made.text()).isEqualTo(202);
    assertThat(payloadOf(made, node)).isEqualTo(shown);
  }

  @Test
  void theBodyOfAChordReadsTheContextAndTheGroup() {
    String body =
        "{\"jobs\":[{\"type\":\"echo\",\"payload\":1}],\"body\":{\"type\":\"echo\",\"payload\":"
            + "[{\"$from\":\"context.to\"},{\"$from\":\"group\"}]},\"context\":{\"to\":\"me\"}}";
    Answer made = http.post("/v1/chords", body);

    assertThat(made.status()).as(made.text()).isEqualTo(202);
    assertThat(payloadOf(made, 1)).isEqualTo("[\"me\",[{\"$from\":\"job-0\"}]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a | {\"$from\":\"context.no\"} | nodes.0.payload | leads nowhere in the context",
        "a | {\"$from\":\"context.to.x\"} | nodes.0.payload | leads nowhere in the context",
        "a | {\"$from\":\"context..to\"} | nodes.0.payload | leads nowhere in the context",
        "context | 1 | nodes.0.name | must not be"
      })
  void whatIsWrongWithAReferenceToTheContextIsNamed(
      String name, String payload, String field, String problem) {
    String node = "{\"name\":\"%s\",\"type\":\"echo\",\"payload\":%s}".formatted(name, payload);
    Answer answer = http.post("/v1/workflows", withContext("nodes", node));

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.json().path("field").textValue()).isEqualTo(field);
    assertThat(answer.text()).contains(problem);
  }

  @Test
  void aNodeMayBeCalledContextWhereThereIsNone() {
    String nodes =
        "{\"nodes\":[{\"name\":\"context\",\"type\":\"echo\",\"payload\":1},{\"name\":\"b\","
            + "\"type\":\"echo\",\"needs\":[\"context\"],\"payload\":{\"$from\":\"context\"}}]}";

    assertThat(http.post("/v1/workflows", nodes).status()).isEqualTo(202);
  }

  @Test
  void theSizeOfAContextIsBounded() {
    String most = "x".repeat(WorkflowContext.MOST_CHARS - "{\"x\":\"\"}".length());
    String node = "{\"name\":\"a\",\"type\":\"echo\",\"payload\":1}";

    assertThat(http.post("/v1/workflows", contextOf(most, node)).status()).isEqualTo(202);
    assertFieldProblem(
        http.post("/v1/workflows", contextOf(most + "x", node)), 422, "invalid-value", "context");
  }

  @Test
  void whatAContextBecomesInAllPayloadsTogetherIsBounded() {
    String value = "x".repeat(WorkflowContext.MOST_WRITTEN / 512 - 2);
    String payload =
        IntStream.range(0, 64)
            .mapToObj(_ -> "{\"$from\":\"context.x\"}")
            .collect(Collectors.joining(",", "[", "]"));
    String eight = nodes(8, payload);

    assertThat(read(contextOf(value, eight)).nodes()).hasSize(8);
    assertThatThrownBy(() -> read(contextOf(value, eight + "," + nodes(1, payload, 8))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("nodes.8.payload");
  }

  @Test
  void aPayloadWithTheContextInItIsAtMostAsLargeAsAJob() {
    String value = "x".repeat(1_000);
    String payload = "[{\"$from\":\"context.x\"},{\"$from\":\"context.x\"}]";

    assertThat(
            WorkflowReader.read(contextOf(value, nodes(1, payload)), Kind.WORKFLOW, 2_007, null)
                .nodes())
        .hasSize(1);
    assertThatThrownBy(
            () ->
                WorkflowReader.read(
                    contextOf(value, nodes(1, payload)), Kind.WORKFLOW, 2_006, null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("nodes.0.payload");
  }

  @Test
  void differentReferencesToAContextAreBounded() {
    String values =
        IntStream.range(0, WorkflowContext.MOST_REFERENCES + 1)
            .mapToObj(i -> "\"f" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    String most =
        "{\"nodes\":[%s],\"context\":%s}"
            .formatted(nodes(1, references(WorkflowContext.MOST_REFERENCES)), values);
    String more =
        "{\"nodes\":[%s],\"context\":%s}"
            .formatted(nodes(1, references(WorkflowContext.MOST_REFERENCES + 1)), values);

    assertThat(read(most).nodes()).hasSize(1);
    assertThatThrownBy(() -> read(more))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("nodes.0.payload");
  }

  private static String references(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"$from\":\"context.f" + i + "\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static WorkflowSpec read(String body) {
    return WorkflowReader.read(body, Kind.WORKFLOW, 1 << 20, null);
  }

  private static String nodes(int count, String payload) {
    return nodes(count, payload, 0);
  }

  private static String nodes(int count, String payload, int first) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> "{\"name\":\"n%d\",\"type\":\"echo\",\"payload\":%s}".formatted(i, payload))
        .collect(Collectors.joining(","));
  }

  private static String contextOf(String value, String nodes) {
    return "{\"nodes\":[%s],\"context\":{\"x\":\"%s\"}}".formatted(nodes, value);
  }

  private static String withContext(String list, String items) {
    return "{\"%s\":[%s],\"context\":{\"to\":\"me\",\"a\":[0,{\"b\":true}]}}"
        .formatted(list, items);
  }

  private String payloadOf(Answer made, int node) {
    String id =
        http.get(made.header("location")).json().at("/nodes/" + node + "/job_id").textValue();
    return http.get("/v1/jobs/" + id).json().path("payload").toString();
  }

  @Test
  void inAChainEachRefersToTheOneBefore() {
    Answer made =
        http.post(
            "/v1/chains",
            "{\"jobs\":[{\"type\":\"echo\",\"payload\":1},"
                + "{\"type\":\"echo\",\"payload\":{\"x\":{\"$from\":\"previous.y\"}}}]}");
    JsonNode nodes = http.get(made.header("location")).json().path("nodes");

    assertThat(nodes.at("/1/needs/0").textValue()).isEqualTo("job-0");
    String id = nodes.at("/1/job_id").textValue();
    assertThat(http.get("/v1/jobs/" + id).json().at("/payload/x/$from").textValue())
        .isEqualTo("job-0.y");
    assertThat(http.get("/v1/jobs/" + id).json().path("state").textValue()).isEqualTo("WAITING");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        " | [{\"$from\":\"job-0\"},{\"$from\":\"job-1\"}]",
        "\"name\":\"a\", | {\"a\":{\"$from\":\"a\"},\"job-1\":{\"$from\":\"job-1\"}}"
      })
  void theBodyOfAChordGetsAListOrAMap(String name, String payload) throws IOException {
    Answer made =
        http.post(
            "/v1/chords",
            "{\"jobs\":[{"
                + Objects.requireNonNullElse(name, "")
                + "\"type\":\"echo\",\"payload\":1},"
                + "{\"type\":\"echo\",\"payload\":2}],"
                + "\"body\":{\"type\":\"echo\",\"payload\":{\"$from\":\"group\"}}}");
    JsonNode body = http.get(made.header("location")).json().at("/nodes/2");

    assertThat(body.path("name").textValue()).isEqualTo("body");
    String id = body.path("job_id").textValue();
    assertThat(http.get("/v1/jobs/" + id).json().path("payload").toString()).isEqualTo(payload);
  }

  @Test
  void aWaitEndsWithTheWorkflow() throws Exception {
    Answer made = http.post("/v1/groups", "{\"jobs\":[{\"type\":\"echo\",\"payload\":1}]}");
    String path = made.header("location");
    String job = http.get(path).json().at("/nodes/0/job_id").textValue();

    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> http.get(path + "?wait=90s"));
    api.change(job, each -> each.succeed("1", null, api.clock.instant()));

    assertThat(waiting.get().json().path("state").textValue()).isEqualTo("DONE");
  }

  @Test
  void whatWasSkippedSaysWhy() {
    String path = http.post("/v1/workflows", TWO).header("location");
    JsonNode nodes = http.get(path).json().path("nodes");
    api.change(
        nodes.at("/0/job_id").textValue(),
        job -> job.fail(new Failure("no", true), 0.5, api.clock.instant()));

    JsonNode skipped = http.get("/v1/jobs/" + nodes.at("/1/job_id").textValue()).json();
    assertThat(skipped.path("state").textValue()).isEqualTo("SKIPPED");
    assertThat(skipped.path("note").textValue()).isEqualTo("skipped: a failed");
    assertThat(http.get(path).json().path("state").textValue()).isEqualTo("FAILED");
    assertThat(http.post("/v1/jobs/" + skipped.path("id").textValue() + "/retry", "").status())
        .isEqualTo(409);
  }

  @Test
  void aCancelledWorkflowIsListedAsSuch() {
    String path = http.post("/v1/workflows", TWO.replace("\"w\"", "\"gone\"")).header("location");

    assertThat(http.post(path + "/cancel", "").json().path("state").textValue())
        .isEqualTo("CANCELLED");

    JsonNode listed = http.get("/v1/workflows?state=cancelled&name=gone").json();
    assertThat(listed.path("workflows")).hasSize(1);
    assertThat(http.get("/v1/workflows?name=nobody").json().path("workflows")).isEmpty();
  }

  @Test
  void theExamplesOfTheDocumentsAreAccepted() {
    String documents = Documents.all();
    Matcher example =
        Pattern.compile(
                "curl localhost:8000(/v1/(?:workflows|chords)) [^\n]*-d '(\\{.*?\n\\})'",
                Pattern.DOTALL)
            .matcher(documents);
    int found = 0;
    while (example.find()) {
      found++;
      String body = example.group(2).replace("\"add\"", "\"echo\"");
      Answer answer = http.post(example.group(1), body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }
    assertThat(found).isEqualTo(5);
  }

  @Test
  void whatANodeGotIntoASecretFieldGoesNoFurtherAndIsNotShown() {
    String nodes =
        "{\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1},{\"name\":\"b\",\"type\":\"echo\","
            + "\"needs\":[\"a\"],\"payload\":{\"password\":{\"$from\":\"a\"}}}%s]}";
    String third =
        ",{\"name\":\"c\",\"type\":\"echo\",\"needs\":[\"b\"],\"payload\":{\"x\":{\"$from\":\"b\"}}}";
    assertFieldProblem(
        http.post("/v1/workflows", nodes.formatted(third)),
        422,
        "invalid-value",
        "nodes.2.payload");

    Answer made = http.post("/v1/workflows", nodes.formatted(""));
    JsonNode shown = http.get(made.header("location")).json().path("nodes");
    api.succeed(shown.at("/0/job_id").textValue(), "\"t0p\"", null);
    String id = shown.at("/1/job_id").textValue();
    api.succeed(id, "{\"said\":\"t0p\"}", null);

    assertThat(http.get("/v1/jobs/" + id).text()).doesNotContain("t0p");
    assertThat(http.get("/v1/jobs/" + id + "/result").text()).isEqualTo("\"[REDACTED]\"");
    assertThat(http.get("/tasks/" + id).text()).doesNotContain("t0p");
  }

  @Test
  void jobsShowNothingThatIsResolved() {
    Answer made =
        http.post(
            "/v1/chains",
            "{\"jobs\":[{\"type\":\"echo\",\"payload\":1},"
                + "{\"type\":\"echo\",\"payload\":{\"$from\":\"previous\"},\"queue\":\"flow\"}]}");
    JsonNode nodes = http.get(made.header("location")).json().path("nodes");
    api.change(
        nodes.at("/0/job_id").textValue(),
        job -> job.succeed("{\"token\":\"t0p\"}", null, api.clock.instant()));
    String id = nodes.at("/1/job_id").textValue();
    api.ready(id);

    JsonNode lease =
        http.post("/v1/queues/flow/lease", "{\"worker\":\"w\"}").json().at("/leases/0");

    assertThat(lease.path("payload").toString()).isEqualTo("{\"token\":\"t0p\"}");
    assertThat(http.get("/v1/jobs/" + id).json().path("payload").toString())
        .isEqualTo("{\"$from\":\"job-0\"}");
    Job stored = api.memory.find(List.of(JobId.parse(id))).get(JobId.parse(id));
    assertThat(stored.spec().payload()).doesNotContain("t0p");
  }

  @Test
  void aPathThatLeadsNowhereFailsTheNodeForGood() {
    Answer made =
        http.post(
            "/v1/chains",
            "{\"jobs\":[{\"type\":\"echo\",\"payload\":1},{\"type\":\"echo\",\"payload\":"
                + "{\"$from\":\"previous.x\"},\"queue\":\"nowhere\"}]}");
    JsonNode nodes = http.get(made.header("location")).json().path("nodes");
    api.change(
        nodes.at("/0/job_id").textValue(), job -> job.succeed("{}", null, api.clock.instant()));
    String id = nodes.at("/1/job_id").textValue();
    api.ready(id);

    assertThat(http.post("/v1/queues/nowhere/lease", "{\"worker\":\"w\"}").json().path("leases"))
        .isEmpty();

    JsonNode failed = http.get("/v1/jobs/" + id).json();
    assertThat(failed.path("state").textValue()).isEqualTo("FAILED");
    assertThat(failed.path("error").textValue()).contains("job-0.x", "leads nowhere");
    assertThat(http.get(made.header("location")).json().path("state").textValue())
        .isEqualTo("FAILED");
  }

  @Test
  void aNodeIsAtMostAsLargeAsAPlainJob() {
    String empty = job("a", "''");
    String most = job("a", "'" + "x".repeat(ApiUnderTest.MAX_BODY - empty.length()) + "'");
    String more = most.replaceFirst("x", "xx");
    String wide = most.replaceFirst("x", "é"); // as many characters, but one byte more

    assertThat(http.post("/v1/workflows", "{\"nodes\":[" + most + "]}").status()).isEqualTo(202);
    for (String each : List.of(more, wide)) {
      assertFieldProblem(
          http.post("/v1/workflows", "{\"nodes\":[" + job("b", "1") + "," + each + "]}"),
          422,
          "invalid-value",
          "nodes.1");
      assertFieldProblem(
          http.post("/v1/chords", chord(job("b", "1"), each)), 422, "invalid-value", "body");
    }
  }

  @Test
  void aPayloadIsBoundedAlsoWithItsReferencesWrittenOut() {
    String name = "n".repeat(64);
    String previous = job("b", "[" + "{'$from':'previous'},".repeat(1_000) + "1]");
    String chain = "{\"jobs\":[" + job(name, "1") + "," + previous + "]}";
    String chord = chord(job(name, "1"), job("b", "[" + "{'$from':'group'},".repeat(1_000) + "1]"));

    assertFieldProblem(http.post("/v1/chains", chain), 422, "invalid-value", "jobs.1.payload");
    assertFieldProblem(http.post("/v1/chords", chord), 422, "invalid-value", "body.payload");
    WorkflowSpec read = WorkflowReader.read(chain, Kind.CHAIN, 1 << 20, null);
    int length = read.nodes().get(1).job().payload().length();
    assertThat(WorkflowReader.read(chain, Kind.CHAIN, length, null)).isEqualTo(read);
    assertThatThrownBy(() -> WorkflowReader.read(chain, Kind.CHAIN, length - 1, null))
        .isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n2345678901234567890123456789012345678901234567890123456789012345"})
  void theNameOfANodeIsCheckedBeforeReferencesToItAreWrittenOut(String name) {
    String chain =
        "{\"jobs\":["
            + job(name, "1")
            + ","
            + job("b", "[" + "{'$from':'previous'},".repeat(1_000) + "1]")
            + "]}";

    assertFieldProblem(http.post("/v1/chains", chain), 422, "invalid-value", "jobs.0.name");
  }

  @Test
  void theGroupIsWrittenOutIn10000ReferencesAtMost() {
    String jobs =
        IntStream.range(0, 100).mapToObj(i -> job("j" + i, "1")).collect(Collectors.joining(","));
    String group = "{'$from':'group'},";
    String most = chord(jobs, job("b", "[" + group.repeat(100) + "1]"));
    String more = chord(jobs, job("b", "[" + group.repeat(100) + "{'$from':'j1'}]"));

    assertThat(WorkflowReader.read(most, Kind.CHORD, 1 << 20, null).nodes()).hasSize(101);
    Answer refused = http.post("/v1/chords", more);
    assertFieldProblem(refused, 422, "invalid-value", "body.payload");
    assertThat(refused.text()).contains("10,000 references, one to each job of the group");
  }

  @Test
  void needsAreCountedWhileTheyAreRead() {
    String needs = "\"a\",".repeat(9_999) + "\"a\"";
    String most =
        "{\"nodes\":["
            + (job("b", "1").replace("}", ",\"needs\":[" + needs + "]}") + ",").repeat(10);
    String one = job("c", "1").replace("}", ",\"needs\":[\"a\"]}");

    assertProblem(http.post("/v1/workflows", most + "nonsense"), 400, "malformed-json");
    Answer refused = http.post("/v1/workflows", most + one + ",nonsense");
    assertFieldProblem(refused, 422, "invalid-value", "nodes");
    assertThat(refused.text()).contains("100,000 needs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"group.", "group..", "group.7", "nobody"})
  void whatIsWrongWithTheBodyOfAChordIsNamedSo(String reference) {
    String unnamed = "{\"type\":\"echo\",\"payload\":1}";
    String body = job("b", "{'$from':'" + reference + "'}");

    assertFieldProblem(
        http.post("/v1/chords", chord(unnamed, body)), 422, "invalid-value", "body.payload");
    assertFieldProblem(
        http.post("/v1/chords", chord(unnamed.replace("echo", "nobody"), job("b", "1"))),
        422,
        "unknown-type",
        "jobs.0.type");
  }

  private static String chord(String jobs, String body) {
    return "{\"jobs\":[" + jobs + "],\"body\":" + body + "}";
  }

  private static String job(String name, String payload) {
    return ("{'name':'" + name + "','type':'echo','payload':" + payload + "}").replace('\'', '"');
  }
}
