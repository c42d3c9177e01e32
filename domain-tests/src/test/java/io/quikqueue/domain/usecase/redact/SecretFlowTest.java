package io.quikqueue.domain.usecase.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is secret goes from node to node only where it is known to be. */
class SecretFlowTest {

  private static final Caller CALLER = Caller.anonymous("here");
  private static final JobId ID = JobId.parse("01890000-0000-7000-8000-000000000001");
  private static final Map<String, SecretFields> SECRET =
      Map.of(
          "login", SecretFields.of(List.of("/result/token")),
          "list", SecretFields.of(List.of("/result/users/*/token", "/result/one/0/token")),
          "use", SecretFields.of(List.of("/payload/with")),
          "deep", SecretFields.of(List.of("/payload/a/b")));

  private final Redaction redaction = Redaction.of(SECRET, false);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "use | {'with':{'$from':'login.token'}} | true",
        "use | {'with':{'x':[{'$from':'login'}]}} | true",
        "use | {'x':{'$from':'login.name'}} | true",
        "use | {'x':{'$from':'login.token'}} | false",
        "use | {'x':{'$from':'login.token.0'}} | false",
        "use | {'x':{'$from':'login'}} | false",
        "use | {'with':1,'x':{'$from':'login.token'}} | false",
        "echo | {'x':{'$from':'login.token'}} | false",
        "echo | {'x':{'$from':'login.name'}} | true",
        "deep | {'a':{'$from':'login'}} | false",
        "http | {'url':'u','headers':{'Authorization':{'$from':'login.token'}}} | true",
        "http | {'url':'u','body':{'$from':'login.token'}} | false",
      })
  void aSecretOfAResultGoesIntoSecretFieldsOnly(String type, String payload, boolean allowed) {
    List<Wrong> wrongs =
        redaction.leaks(workflow(node("login", "login", "{}"), node(type, payload)));

    assertThat(wrongs.isEmpty()).as(wrongs.toString()).isEqualTo(allowed);
    if (!allowed) {
      assertThat(wrongs.getFirst().field()).isEqualTo("nodes.1.payload");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "list.users | use | {'with':{'$from':'$item.token'},'x':{'$from':'$item.name'}} | true",
        "list.users | use | {'x':{'$from':'$index'}} | true",
        "list.users | use | {'x':{'$from':'$item.token'}} | false",
        "list.users | use | {'x':{'$from':'$item'}} | false",
        "list.users.3 | use | {'x':{'$from':'$item.name'}} | false",
        "list.teams | use | {'x':{'$from':'$item.token'}} | true",
        "list | use | {'x':{'$from':'$item'}} | false",
        "list.one | use | {'x':{'$from':'$item.name'}} | false",
      })
  void theSecretsOfItemsGoIntoSecretFieldsOnly(
      String list, String type, String payload, boolean allowed) {
    List<Wrong> wrongs =
        redaction.leaks(workflow(node("list", "list", "{}"), forEach(list, type, payload)));

    assertThat(wrongs.isEmpty()).as(wrongs.toString()).isEqualTo(allowed);
  }

  @Test
  void theListOfResultsHasTheSecretsOfEach() {
    NodeSpec list = node("list", "list", "{}");
    NodeSpec logins = forEach("list.teams", "login", "{'x':{'$from':'$item'}}");
    NodeSpec uses = forEach("list.users", "use", "{'with':{'$from':'$item.token'}}");

    assertThat(leaks(list, logins, "{'$from':'each.0.name'}")).isEmpty();
    assertThat(leaks(list, logins, "{'$from':'each.0.token'}")).hasSize(1);
    assertThat(leaks(list, logins, "{'$from':'each'}")).hasSize(1);
    assertThat(leaks(list, uses, "{'$from':'each.0.name'}")).hasSize(1);
  }

  /** One that is for each of the results of others, or of a list in one of these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "login | each | {'x':{'$from':'$item.name'}} | true",
        "login | each | {'x':{'$from':'$item.token'}} | false",
        "login | each | {'x':{'$from':'$item'}} | false",
        "login | each | {'with':{'$from':'$item.token'}} | true",
        "list | each | {'x':{'$from':'$item.teams'}} | true",
        "list | each | {'x':{'$from':'$item.users.0.name'}} | true",
        "list | each | {'x':{'$from':'$item.users.0.token'}} | false",
        "list | each | {'x':{'$from':'$item.users'}} | false",
        "list | each.1.users | {'x':{'$from':'$item.name'}} | true",
        "list | each.1.users | {'x':{'$from':'$item.token'}} | false",
        "list | each.1.users | {'x':{'$from':'$item'}} | false",
        "list | each.1.teams | {'x':{'$from':'$item'}} | true",
        "list | each.1 | {'x':{'$from':'$item'}} | false",
      })
  void theSecretsOfItemsOfAListOfResultsGoIntoSecretFieldsOnly(
      String type, String from, String payload, boolean allowed) {
    NodeSpec list = node("list", "echo", "{}");
    NodeSpec results = forEach("list", type, "{'x':{'$from':'$item'}}");
    JobSpec job = JobSpec.of("use", json(payload));
    ForEach items = new ForEach(from, 10, false);
    NodeSpec last =
        new NodeSpec("last", job, null, List.of("each"), RunIf.ALL_SUCCEEDED, false, null, items);

    List<Wrong> wrongs = redaction.leaks(workflow(list, results, last));

    assertThat(wrongs.isEmpty()).as(wrongs.toString()).isEqualTo(allowed);
  }

  private List<Wrong> leaks(NodeSpec list, NodeSpec each, String payload) {
    return redaction.leaks(workflow(list, each, node("echo", payload)));
  }

  private static NodeSpec forEach(String list, String type, String payload) {
    return new NodeSpec(
        "each",
        JobSpec.of(type, json(payload)),
        null,
        List.of("list"),
        RunIf.ALL_SUCCEEDED,
        false,
        null,
        new ForEach(list, 10, false));
  }

  @Test
  void theWholeResultOfANodeThatGetsASecretIsSecret() {
    NodeSpec login = node("login", "login", "{}");
    NodeSpec use = node("use", "use", "{'with':{'$from':'login.token'}}");

    assertThat(redaction.leaks(workflow(login, use, node("echo", "{'$from':'use.x'}")))).hasSize(1);
    assertThat(redaction.leaks(workflow(login, use, node("use", "{'with':{'$from':'use.x'}}"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "use | {'with':{'$from':'login.token'}} | true",
        "deep | {'a':{'$from':'login'}} | true",
        "use | {'with':'abcd','x':{'$from':'login.name'}} | false",
        "echo | {'x':{'$from':'login.name'}} | false",
      })
  void sheWhoReadsDoesNotSeeTheResultOfSuchANode(String type, String payload, boolean hidden) {
    JobSpec spec =
        JobSpec.of(type, json(payload)).toBuilder()
            .node(new NodeRef(new WorkflowId(ID), 1, true))
            .build();
    Job job = Job.builder(ID, spec, Instant.EPOCH).result("{\"seen\":\"t0p-s3cret\"}").build();

    assertThat(redaction.show(CALLER, job).job().result())
        .isEqualTo(hidden ? "\"[REDACTED]\"" : "{\"seen\":\"t0p-s3cret\"}");
    assertThat(Redaction.of(SECRET, true).show(CALLER, job).job().result()).contains("t0p-s3cret");
  }

  @Test
  void whoLetsEverybodySeeAllIsNotRefused() {
    WorkflowSpec leaky = workflow(node("login", "login", "{}"), node("echo", "{'$from':'login'}"));

    assertThat(redaction.leaks(leaky)).hasSize(1);
    assertThat(Redaction.of(SECRET, true).leaks(leaky)).isEmpty();
  }

  @Test
  void manyReferencesAreCheckedInATimeThatGrowsWithThem() {
    String each = "{'$from':'login.name'}";
    String all = IntStream.range(0, 10_000).mapToObj(_ -> each).collect(Collectors.joining(","));
    List<NodeSpec> nodes = new ArrayList<>(List.of(node("login", "login", "{}")));
    for (int i = 0; i < 20; i++) {
      nodes.add(node("n" + i, "use", "{'with':[" + all + "],'x':[" + all + "]}"));
    }

    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(3), // a second, unless it grows with their square
        () -> assertThat(redaction.leaks(workflow(nodes.toArray(NodeSpec[]::new)))).isEmpty());
  }

  private static WorkflowSpec workflow(NodeSpec... nodes) {
    return new WorkflowSpec("w", OnFailure.FINISH_BRANCHES, List.of(nodes));
  }

  private static NodeSpec node(String type, String payload) {
    return node("last", type, payload);
  }

  private static NodeSpec node(String name, String type, String payload) {
    JobSpec job = JobSpec.of(type, json(payload));
    return new NodeSpec(name, job, null, List.of(), RunIf.ALL_SUCCEEDED, false);
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"');
  }
}
