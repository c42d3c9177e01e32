package io.quikqueue.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.client.Workflow.Node;
import io.quikqueue.client.Workflow.OnFailure;
import io.quikqueue.client.Workflow.RunIf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowsTest {

  private static final UUID ID = UUID.fromString("01930000-0000-7000-8000-000000000001");
  private static final String SHOWN =
      """
      {"id": "01930000-0000-7000-8000-000000000001", "name": "w", "state": "%s", "size": 2,
       "counts": {"waiting": 1, "active": 0, "done": 1}, "created_at": "2026-01-01T00:00:00Z",
       "updated_at": "2026-01-01T00:00:00Z", "finished_at": null, "nodes": [%s], "next": %s}\
      """;
  private static final String NODE =
      """
      {"name": "%s", "job_id": "01930000-0000-7000-8000-000000000002", "state": "DONE",
       "needs": ["a"], "run_if": "all_succeeded", "optional": false}\
      """;

  private final ObjectMapper json = new ObjectMapper();
  private final List<Calls.Call> sent = new ArrayList<>();
  private final Deque<String> answers = new ArrayDeque<>();
  private final Workflows workflows =
      new Workflows(
          call -> {
            sent.add(call);
            return read(answers.remove());
          });

  @Test
  void aBuilderDescribesNodesAndWhatTheyNeed() {
    Workflow workflow =
        Workflow.builder("w")
            .node("a", NewJob.of("echo", 1))
            .node("b", NewJob.of("echo", Map.of("x", Workflow.from("a.y"))), "a")
            .node(
                Node.of("c", NewJob.of("echo", 2).queue("q"))
                    .needs("a", "b")
                    .runIf(RunIf.ANY_FAILED)
                    .optional())
            .build()
            .context(Map.of("region", "eu"))
            .onFailure(OnFailure.CANCEL_REST);

    assertThat(written(workflow))
        .isEqualTo(
            read(
                """
                {"name": "w", "on_failure": "cancel_rest", "context": {"region": "eu"}, "nodes": [
                  {"name": "a", "type": "echo", "payload": 1, "needs": []},
                  {"name": "b", "type": "echo", "payload": {"x": {"$from": "a.y"}}, "needs": ["a"]},
                  {"name": "c", "type": "echo", "payload": 2, "queue": "q", "needs": ["a", "b"],
                   "run_if": "any_failed", "optional": true}]}
                """));
  }

  @Test
  void aNodeMayBeOneForEachItemOfAList() {
    Workflow workflow =
        Workflow.builder()
            .node(
                Node.of("small", NewJob.of("echo", Workflow.from("$item")))
                    .needs("list")
                    .forEach("list.images", 500))
            .build();

    assertThat(written(workflow))
        .isEqualTo(
            read(
                """
                {"nodes": [
                  {"name": "small", "type": "echo", "payload": {"$from": "$item"},
                   "needs": ["list"], "for_each": {"$from": "list.images"}, "max": 500}]}
                """));
  }

  @Test
  void aNodeMayWaitForATimeOrASignal() {
    Workflow workflow =
        Workflow.builder("w")
            .node(Node.waiting("pause", Duration.ofSeconds(90)))
            .node(Node.waitingFor("ok", "approved", Duration.ofHours(1)).needs("pause"))
            .build();

    assertThat(written(workflow))
        .isEqualTo(
            read(
                """
                {"name": "w", "nodes": [
                  {"name": "pause", "wait": {"for": "90000ms"}},
                  {"name": "ok", "wait": {"signal": "approved", "timeout": "3600000ms"},
                   "needs": ["pause"]}]}
                """));
  }

  @Test
  void aSignalIsRepeatedOnlyUnderAKey() {
    answers.add("{\"workflow_id\": \"w\", \"taken\": true, \"repeated\": false}");
    answers.add("{\"workflow_id\": \"w\", \"taken\": false, \"repeated\": true}");

    assertThat(workflows.signal(ID, "go on", Map.of("by", "ann"), null))
        .isEqualTo(new SentSignal(true, false));
    assertThat(workflows.signal(ID, "go", null, "k")).isEqualTo(new SentSignal(false, true));

    String path = "/v1/workflows/" + ID + "/signals/";
    assertThat(sent)
        .containsExactly(
            new Calls.Call(
                "POST",
                path + "go%20on",
                Map.of("payload", Map.of("by", "ann")),
                null,
                Duration.ZERO,
                false),
            new Calls.Call("POST", path + "go", Map.of(), "k", Duration.ZERO, true));
  }

  @Test
  void commonShapesAreSentAsWhatTheyAre() {
    NewJob job = NewJob.of("echo", 1);

    assertThat(Workflow.chain(job, job).path()).isEqualTo("/v1/chains");
    assertThat(Workflow.group(job).path()).isEqualTo("/v1/groups");
    assertThat(Workflow.chord(List.of(job), job).path()).isEqualTo("/v1/chords");
    assertThat(written(Workflow.chord(List.of(job), job).name("w")))
        .isEqualTo(
            read(
                """
                {"jobs": [{"type": "echo", "payload": 1}],
                 "body": {"type": "echo", "payload": 1}, "name": "w"}
                """));
  }

  @Test
  void onlyASubmitWithAKeyIsRepeated() {
    answers.add(SHOWN.formatted("RUNNING", "", "0"));
    answers.add(SHOWN.formatted("RUNNING", "", "0"));
    Workflow group = Workflow.group(NewJob.of("echo", 1));

    assertThat(workflows.submit(group).state()).isEqualTo(WorkflowView.State.RUNNING);
    assertThat(workflows.submit(group.idempotencyKey("k")).id()).isEqualTo(ID);

    assertThat(sent).extracting(Calls.Call::repeatable).containsExactly(false, true);
    assertThat(sent).extracting(Calls.Call::key).containsExactly(null, "k");
  }

  @Test
  void nodesAreReadPageByPage() {
    answers.add(SHOWN.formatted("RUNNING", NODE.formatted("a"), "1"));
    answers.add(SHOWN.formatted("RUNNING", NODE.formatted("b"), "null"));

    assertThat(workflows.nodes(ID)).extracting(WorkflowNode::name).containsExactly("a", "b");
    assertThat(sent)
        .extracting(Calls.Call::path)
        .containsExactly(
            "/v1/workflows/" + ID + "?limit=500&from=0",
            "/v1/workflows/" + ID + "?limit=500&from=1");
  }

  @Test
  void awaitPollsUntilTheWorkflowIsOver() {
    answers.add(SHOWN.formatted("CANCELLING", "", "0"));
    answers.add(SHOWN.formatted("CANCELLED", "", "0"));

    assertThat(workflows.await(ID, Duration.ofMinutes(5)).state())
        .isEqualTo(WorkflowView.State.CANCELLED);
    assertThat(sent).extracting(Calls.Call::patience).containsOnly(Duration.ofSeconds(20));
  }

  @Test
  void retriesAreSentOnceWithWhatIsToRunAgain() {
    answers.add(SHOWN.formatted("RUNNING", "", "0"));
    answers.add(SHOWN.formatted("RUNNING", "", "0"));

    workflows.retry(ID, Workflows.Mode.FAILED_AND_DOWNSTREAM, Map.of("a", 1));
    workflows.retryFrom(ID, List.of("a"), Map.of());

    assertThat(sent).extracting(Calls.Call::path).containsOnly("/v1/workflows/" + ID + "/retry");
    assertThat(sent).extracting(Calls.Call::repeatable).containsOnly(false);
    assertThat(sent)
        .extracting(Calls.Call::content)
        .containsExactly(
            Map.of("mode", "failed_and_downstream", "payloads", Map.of("a", 1)),
            Map.of("from", List.of("a"), "payloads", Map.of()));
  }

  @Test
  void awaitEndsWithItsWait() {
    answers.add(SHOWN.formatted("RUNNING", "", "0"));

    assertThat(workflows.await(ID, Duration.ZERO).state().terminal()).isFalse();
    assertThat(sent.get(0).path()).endsWith("?limit=1&wait=0ms");
  }

  @Test
  void listsAreFiltered() {
    answers.add("{\"workflows\": [" + SHOWN.formatted("DONE", "", "0") + "], \"next\": null}");

    assertThat(workflows.list(WorkflowView.State.DONE, "a b", ID))
        .extracting(WorkflowView::name, view -> view.counts().get("waiting"))
        .containsExactly(tuple("w", 1));
    assertThat(sent.get(0).path())
        .isEqualTo("/v1/workflows?limit=500&state=DONE&name=a%20b&after=" + ID);
  }

  @Test
  void whatIsNotThereIsEmptyOrNotFound() {
    Problem none = new Problem(404, "t", "d", null, null);
    Workflows empty =
        new Workflows(
            call -> {
              throw new QuikQueueException.NotFound(none);
            });

    assertThat(empty.find(ID)).isEmpty();
    assertThatThrownBy(() -> empty.cancel(ID)).isInstanceOf(QuikQueueException.NotFound.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Workflow sums =", "Workflow order ="})
  void theExamplesOfTheDocumentsAreWhatTheAcceptanceTestsRun(String begin) throws IOException {
    String page = Files.readString(Path.of("../docs/workflows.md"));
    int start = page.indexOf(begin);
    String example = page.substring(start, page.indexOf("```", start)).replaceAll("//.*", "");

    assertThat(
            squashed(
                Files.readString(
                    Path.of(
                        "../apps/acceptance/src/test/java/io/quikqueue/acceptance/Workflows.java"))))
        .contains(squashed(example));
  }

  private static String squashed(String text) {
    return text.replaceAll("\\s+", "");
  }

  private JsonNode written(Workflow workflow) {
    return json.valueToTree(workflow.fields());
  }

  private JsonNode read(String text) {
    try {
      return json.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
