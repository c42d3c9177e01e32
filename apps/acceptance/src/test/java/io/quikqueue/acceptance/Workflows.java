package io.quikqueue.acceptance;

import static io.quikqueue.client.Workflow.from;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.client.SentSignal;
import io.quikqueue.client.Workflow;
import io.quikqueue.client.Workflow.Node;
import io.quikqueue.client.WorkflowView;
import io.quikqueue.client.WorkflowView.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What workflows do, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class Workflows {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String FAILS =
      "\"type\":\"fail\",\"payload\":{\"times\":1,\"permanent\":true}";
  private static final String ECHOES = "\"type\":\"echo\",\"payload\":1";
  private static final String LASTS =
      "\"type\":\"sleep\",\"payload\":{\"ms\":600000},\"timeout\":\"1h\"";

  private final Http http;
  private final QuikQueueClient client;

  Workflows(Deployment system) {
    this.http = system.http();
    this.client = system.client();
  }

  /** Kills what runs jobs, and starts it again. */
  abstract void killAndStart();

  @Test
  void eachOfAChainGetsTheResultOfTheOneBefore() {
    JsonNode ended =
        ended(
            submit(
                "chains",
                """
                {"jobs": [
                  {"type": "add", "payload": {"a": 1, "b": 2}},
                  {"type": "multiply", "payload": {"a": {"$from": "previous.sum"}, "b": 10}},
                  {"type": "echo", "payload": {"seen": {"$from": "previous"}}}]}\
                """));

    assertThat(ended.path("state").textValue()).isEqualTo("DONE");
    assertThat(result(ended, 2).at("/seen/product").intValue()).isEqualTo(30);
  }

  @Test
  void theBodyOfAChordGetsTheResultsInOrder() {
    String jobs =
        IntStream.range(0, 20)
            .mapToObj(i -> "{\"type\":\"echo\",\"payload\":" + i + "}")
            .collect(Collectors.joining(","));
    JsonNode ended =
        ended(
            submit(
                "chords",
                "{\"jobs\":[%s],\"body\":{\"type\":\"echo\",\"payload\":{\"$from\":\"group\"}}}"
                    .formatted(jobs)));

    assertThat(ended.path("state").textValue()).isEqualTo("DONE");
    List<Integer> results = new ArrayList<>();
    result(ended, 20).forEach(each -> results.add(each.intValue()));
    assertThat(results).isEqualTo(IntStream.range(0, 20).boxed().toList());
  }

  /** The example of docs/workflows.md, word for word, by a type that only this worker takes. */
  @Test
  void aWorkerAddsNodesOnceAndAJoinWaitsForThem() throws IOException {
    String mine = "w" + UUID.randomUUID().toString().substring(0, 13);
    String lists = "\"type\":\"%s\",\"queue\":\"%s\",\"payload\":1".formatted(mine, mine);
    leases(mine, "0s");
    String nodes =
        "{\"nodes\":[%s,%s]}"
            .formatted(
                node("scan", lists),
                node("join", "\"type\":\"echo\",\"payload\":{\"$from\":\"scan.pages\"}", "scan"));
    String path =
        await() // until the type is known
            .atMost(SOON)
            .until(() -> http.post("/v1/workflows", nodes), each -> each.status() == 202)
            .header("location");
    JsonNode lease =
        await().atMost(SOON).until(() -> leases(mine, "20s").path(0), JsonNode::isObject);
    String complete = "/v1/leases/" + lease.path("id").textValue() + "/complete";
    Matcher example =
        Pattern.compile("leases/ID/complete [^{]*-d '([^']*)'")
            .matcher(Files.readString(Path.of("../../docs/workflows.md")));
    assertThat(example.find()).isTrue();

    Answer first = http.post(complete, example.group(1));
    Answer again = http.post(complete, example.group(1)); // as when the answer was lost

    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(200);
    JsonNode ended = ended(path);
    assertThat(states(ended)).containsExactly("DONE", "DONE", "DONE", "DONE");
    assertThat(ended.at("/nodes/2/name").textValue()).isEqualTo("scan:0");
    assertThat(ended.at("/nodes/3/name").textValue()).isEqualTo("scan:last");
    assertThat(result(ended, 1).intValue()).isEqualTo(2);
    assertThat(result(ended, 2).path("page").intValue()).isOne();
    assertThat(Instant.parse(job(ended, 1).path("started_at").textValue()))
        .isAfterOrEqualTo(Instant.parse(job(ended, 2).path("finished_at").textValue()));
  }

  /** The example of docs/workflows.md, word for word. */
  @Test
  void aNodeIsMadeForEachItemOfAListAndAJoinGetsTheirResultsInOrder() throws IOException {
    Matcher example =
        Pattern.compile("v1/workflows -H [^{]*-d '([^']*for_each[^']*)'")
            .matcher(Files.readString(Path.of("../../docs/workflows.md")));
    assertThat(example.find()).isTrue();

    JsonNode ended = ended(submit("workflows", example.group(1)));

    assertThat(states(ended)).containsExactly("DONE", "DONE", "DONE", "DONE", "DONE");
    assertThat(ended.at("/nodes/4/name").textValue()).isEqualTo("small:1");
    assertThat(result(ended, 2).path("all").toString())
        .isEqualTo("[{\"image\":\"/1.png\",\"place\":0},{\"image\":\"/2.png\",\"place\":1}]");
  }

  private JsonNode leases(String mine, String wait) {
    Answer answer =
        http.post(
            "/v1/queues/" + mine + "/lease",
            "{\"worker\":\"%s\",\"types\":[\"%s\"],\"wait\":\"%s\",\"lease\":\"10m\"}"
                .formatted(mine, mine, wait));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("leases");
  }

  @Test
  void whatCannotRunIsSkippedAndWhatHandlesAFailureRuns() {
    JsonNode ended =
        ended(
            workflow(
                "",
                node("a", FAILS),
                node("b", ECHOES, "a"),
                node("c", ECHOES, "b"),
                node("repair", "\"run_if\":\"any_failed\"," + ECHOES, "a"),
                node("tell", "\"run_if\":\"all_finished\"," + ECHOES, "c")));

    assertThat(states(ended)).containsExactly("FAILED", "SKIPPED", "SKIPPED", "DONE", "DONE");
    assertThat(ended.path("state").textValue()).isEqualTo("FAILED");
    assertThat(job(ended, 1).path("note").textValue()).contains("a failed");
  }

  @Test
  void aRetryRunsWhatFailedAgainInANewGenerationAndTheOneBeforeCanStillBeLookedAt() {
    String path =
        workflow(
            "",
            node("a", "\"type\":\"echo\",\"payload\":{\"x\":5}"),
            node("b", FAILS, "a"),
            node("c", "\"type\":\"echo\",\"payload\":{\"$from\":\"a.x\"}", "b"));
    JsonNode first = ended(path);
    assertThat(states(first)).containsExactly("DONE", "FAILED", "SKIPPED");

    String retry = "{\"mode\":\"failed\",\"payloads\":{\"b\":{\"times\":0}}}";
    Answer begun = http.post(path + "/retry", retry);
    assertThat(begun.status()).as(begun.text()).isEqualTo(202);

    JsonNode second = ended(path);
    assertThat(second.path("generation").intValue()).isEqualTo(2);
    assertThat(states(second)).containsExactly("DONE", "DONE", "DONE");
    assertThat(second.path("state").textValue()).isEqualTo("DONE");
    assertThat(result(second, 2).intValue()).isEqualTo(5);
    assertThat(second.at("/nodes/0/job_id")).isEqualTo(first.at("/nodes/0/job_id"));
    assertThat(second.at("/nodes/1/job_id")).isNotEqualTo(first.at("/nodes/1/job_id"));
    JsonNode earlier = http.get(path + "?generation=1").json();
    assertThat(states(earlier)).containsExactly("DONE", "FAILED", "SKIPPED");
    assertThat(earlier.path("state").textValue()).isEqualTo("FAILED");
    assertThat(http.post(path + "/retry", "").status()).isEqualTo(409);
    assertThat(states(retried(path, "{\"from\":[\"b\"]}"))).containsExactly("DONE", "DONE", "DONE");
  }

  private JsonNode retried(String path, String how) {
    Answer begun = http.post(path + "/retry", how);
    assertThat(begun.status()).as(begun.text()).isEqualTo(202);
    return ended(path);
  }

  @Test
  void aRetryOfACancelledWorkflowRunsWhatWasCancelled() {
    String path = workflow("", node("lasts", LASTS), node("behind", ECHOES, "lasts"));
    assertThat(http.post(path + "/cancel", "").status()).isEqualTo(200);
    assertThat(states(ended(path))).containsExactly("CANCELLED", "CANCELLED");

    JsonNode again = retried(path, "{\"payloads\":{\"lasts\":{\"ms\":1}}}");

    assertThat(again.path("state").textValue()).isEqualTo("DONE");
    assertThat(states(again)).containsExactly("DONE", "DONE");
  }

  @Test
  void aFailureThatIsOptionalCountsAsSuccess() {
    JsonNode ended =
        ended(workflow("", node("a", "\"optional\":true," + FAILS), node("b", ECHOES, "a")));

    assertThat(states(ended)).containsExactly("FAILED", "DONE");
    assertThat(ended.path("state").textValue()).isEqualTo("DONE_WITH_FAILURES");
  }

  @Test
  void aFailureCancelsTheRestWhereThatIsAskedFor() {
    JsonNode ended =
        ended(
            workflow(
                "\"on_failure\":\"cancel_rest\",",
                node("lasts", LASTS),
                node("fails", FAILS),
                node("behind", ECHOES, "lasts")));

    assertThat(states(ended)).containsExactly("CANCELLED", "FAILED", "CANCELLED");
    assertThat(ended.path("state").textValue()).isEqualTo("FAILED");
  }

  @Test
  void aCancelEndsWhatRunsAndWhatWaits() {
    String path = workflow("", node("lasts", LASTS), node("behind", ECHOES, "lasts"));
    await()
        .atMost(SOON)
        .until(() -> "RUNNING".equals(job(http.get(path).json(), 0).path("state").textValue()));

    assertThat(http.post(path + "/cancel", "").status()).isEqualTo(200);

    JsonNode ended = ended(path);
    assertThat(states(ended)).containsExactly("CANCELLED", "CANCELLED");
    assertThat(ended.path("state").textValue()).isEqualTo("CANCELLED");
  }

  @Test
  void aReferenceThatLeadsNowhereFailsItsNodeAndIsNamed() {
    JsonNode ended =
        ended(
            workflow(
                "",
                node("a", ECHOES),
                node("b", "\"type\":\"echo\",\"payload\":{\"$from\":\"a.no.such\"}", "a")));

    assertThat(states(ended)).containsExactly("DONE", "FAILED");
    assertThat(job(ended, 1).path("error").textValue()).contains("a.no.such");
  }

  @Test
  void theShortRoutesCalculate() {
    Answer chain = http.post("/tasks/chain", "{\"a\":3,\"b\":4}");
    Answer group = http.post("/tasks/group", "{\"a\":3,\"b\":4}");
    await()
        .atMost(SOON)
        .until(() -> http.get(chain.header("location") + "?wait=20s").status() == 200);
    await().atMost(SOON).until(() -> http.get(group.header("location")).status() == 200);

    assertThat(http.get(chain.header("location")).json().path("result").toString())
        .isEqualTo("{\"sum\":32,\"a_times_sum\":896,\"b_times_sum\":128}");
    assertThat(http.get(group.header("location")).json().path("results").toString())
        .isEqualTo(
            "[{\"sum\":7},{\"product\":12},{\"sum\":7,\"a_times_sum\":21,\"b_times_sum\":28}]");
  }

  /** The example of docs/workflows.md, word for word. */
  @Test
  void theJavaClientSubmitsAwaitsAndReads() {
    Workflow sums =
        Workflow.builder("sums")
            .node("left", NewJob.of("add", Map.of("a", 1, "b", 2)))
            .node("right", NewJob.of("add", Map.of("a", 3, "b", 4)))
            .node(
                "both",
                NewJob.of("multiply", Map.of("a", from("left.sum"), "b", from("right.sum"))),
                "left",
                "right")
            .build();
    UUID id = client.workflows().submit(sums).id();
    WorkflowView over = client.workflows().await(id, Duration.ofMinutes(3));
    UUID last = client.workflows().nodes(id).getLast().job();
    String told = over.state() + " " + client.find(last).orElseThrow().result();

    assertThat(told).isEqualTo("DONE {\"product\":21}");
  }

  /** The example of docs/workflows.md, word for word. */
  @Test
  void theJavaClientSignals() {
    Workflow order =
        Workflow.builder("order")
            .node(Node.waitingFor("approval", "approved", Duration.ofDays(7)))
            .node("ship", NewJob.of("echo", from("approval.by")), "approval")
            .build();
    UUID id = client.workflows().submit(order).id();
    SentSignal sent = client.workflows().signal(id, "approved", Map.of("by", "ann"), "approval-1");

    assertThat(sent).isEqualTo(new SentSignal(true, false));
    assertThat(client.workflows().signal(id, "approved", Map.of("by", "ann"), "approval-1"))
        .isEqualTo(new SentSignal(false, true));
    assertThat(client.workflows().await(id, SOON).state()).isEqualTo(State.DONE);
  }

  @Test
  void theJavaClientListsAndCancels() {
    String name = "c" + UUID.randomUUID();
    NewJob sleep = NewJob.of("sleep", Map.of("ms", 600_000)).timeout(Duration.ofHours(1));
    UUID id = client.workflows().submit(Workflow.chain(sleep, sleep).name(name)).id();
    assertThat(client.workflows().list(WorkflowView.State.RUNNING, name, null))
        .extracting(WorkflowView::id)
        .containsExactly(id);

    WorkflowView cancelled = client.workflows().cancel(id);

    assertThat(cancelled.state().terminal() || cancelled.state() == State.CANCELLING).isTrue();
    assertThat(client.workflows().await(id, SOON).state()).isEqualTo(State.CANCELLED);
  }

  @Test
  void aNodeWaitsForATimeAndForASignalWhosePayloadIsItsResult() {
    String path =
        workflow(
            "",
            node("pause", "\"wait\":{\"for\":\"300ms\"}"),
            node("approval", "\"wait\":{\"signal\":\"ok\",\"timeout\":\"1h\"}", "pause"),
            node("tell", "\"type\":\"echo\",\"payload\":{\"$from\":\"approval.by\"}", "approval"));

    assertThat(http.post(path + "/signals/ok", "{\"payload\":{\"by\":\"ann\"}}").status())
        .isEqualTo(202);

    JsonNode ended = ended(path);
    assertThat(states(ended)).containsExactly("DONE", "DONE", "DONE");
    assertThat(result(ended, 2).textValue()).isEqualTo("ann");
  }

  @Test
  void withoutItsSignalANodeFailsOrGoesOnAsItIsAskedTo() {
    String wait = "\"wait\":{\"signal\":\"ok\",\"timeout\":\"200ms\"%s}";
    JsonNode ended =
        ended(
            workflow(
                "",
                node("fails", wait.formatted("")),
                node("goes-on", wait.formatted(",\"on_timeout\":\"continue\"")),
                node("behind", ECHOES, "goes-on")));

    assertThat(states(ended)).containsExactly("FAILED", "DONE", "DONE");
  }

  @Test
  void aNodeGoesOnWaitingAfterAKill() {
    String path =
        workflow(
            "",
            node("approval", "\"wait\":{\"signal\":\"ok\",\"timeout\":\"1h\"}"),
            node("tell", ECHOES, "approval"));

    killAndStart();

    assertThat(http.post(path + "/signals/ok", "{\"payload\":1}").json().path("taken").asBoolean())
        .isTrue();
    assertThat(states(ended(path))).containsExactly("DONE", "DONE");
  }

  /** Layers of branches, of which each needs all of the layer before. */
  @Test
  void aKillInTheMiddleReleasesEachNodeOnceAndTheWorkflowEnds() {
    int width = 12;
    int layers = 12;
    List<String> nodes = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (int i = 0; i < width; i++) {
        int before = layer - 1;
        String[] needs =
            IntStream.range(0, layer == 0 ? 0 : width)
                .mapToObj(each -> "n" + before + "-" + each)
                .toArray(String[]::new);
        nodes.add(node("n" + layer + "-" + i, "\"type\":\"sleep\",\"payload\":{\"ms\":30}", needs));
      }
    }
    String path = workflow("", nodes.toArray(String[]::new));
    await().atMost(SOON).until(() -> http.get(path).json().at("/counts/done").intValue() > width);

    killAndStart();

    JsonNode ended = ended(path);
    assertThat(ended.path("state").textValue()).isEqualTo("DONE");
    assertThat(ended.at("/counts/done").intValue()).isEqualTo(width * layers);
    Set<String> jobs = new HashSet<>();
    ended.path("nodes").forEach(node -> jobs.add(node.path("job_id").textValue()));
    assertThat(jobs).hasSize(width * layers);
  }

  private static String node(String name, String job, String... needs) {
    String needed =
        List.of(needs).stream().map(each -> '"' + each + '"').collect(Collectors.joining(","));
    return "{\"name\":\"%s\",\"needs\":[%s],%s}".formatted(name, needed, job);
  }

  /** Submits a workflow of these nodes and returns its path. */
  private String workflow(String fields, String... nodes) {
    return submit(
        "workflows",
        "{\"name\":\"w\",%s\"nodes\":[%s]}".formatted(fields, String.join(",", nodes)));
  }

  private String submit(String route, String body) {
    Answer accepted = http.post("/v1/" + route, body);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    return accepted.header("location");
  }

  private JsonNode ended(String path) {
    await()
        .atMost(SOON)
        .until(() -> !http.get(path + "?wait=20s").json().path("finished_at").isNull());
    return http.get(path + "?limit=500").json();
  }

  private static List<String> states(JsonNode workflow) {
    List<String> states = new ArrayList<>();
    workflow.path("nodes").forEach(node -> states.add(node.path("state").textValue()));
    return states;
  }

  private JsonNode job(JsonNode workflow, int node) {
    return http.get("/v1/jobs/" + workflow.at("/nodes/" + node + "/job_id").textValue()).json();
  }

  private JsonNode result(JsonNode workflow, int node) {
    return job(workflow, node).path("result");
  }
}
