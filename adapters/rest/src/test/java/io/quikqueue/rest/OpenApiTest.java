package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenApiTest extends ApiTest {

  private JsonNode document;

  @BeforeEach
  void read() {
    document = http.get("/openapi.json").json();
  }

  @Test
  void describesWhatIsServedAndNothingElse() {
    Set<String> hot = ServedRoutes.hot(APP.getEnvironment());
    Set<String> ofJersey = ServedRoutes.ofJersey(APP.getEnvironment());
    Set<String> served = new TreeSet<>(hot);
    served.addAll(ofJersey);

    assertThat(ServedRoutes.described(document)).isEqualTo(served).hasSize(117);
    assertThat(ServedRoutes.paths(hot))
        .hasSize(14)
        .doesNotContainAnyElementsOf(ServedRoutes.paths(ofJersey));
  }

  @Test
  void refersOnlyToWhatIsThere() {
    Set<String> referred = new TreeSet<>();
    document.findValuesAsText("$ref").forEach(referred::add);

    assertThat(referred).isNotEmpty();
    for (String ref : referred) {
      assertThat(ref).startsWith("#/");
      assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }
    document.path("components").properties().stream()
        .filter(kind -> !kind.getKey().equals("securitySchemes")) // they are named, not referred to
        .forEach(
            kind ->
                kind.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        name ->
                            assertThat(referred)
                                .contains("#/components/" + kind.getKey() + "/" + name)));
  }

  @Test
  void namesEveryOperationAndParameterOfItsPath() {
    Set<String> names = new TreeSet<>();
    ServedRoutes.operations(document)
        .forEach(
            (route, operation) -> {
              assertThat(names.add(operation.path("operationId").asText())).isTrue();
              assertThat(operation.path("responses")).isNotEmpty();
              long inPath =
                  parameters(operation).stream()
                      .filter(p -> p.path("in").asText().equals("path"))
                      .filter(p -> route.contains("{" + p.path("name").asText() + "}"))
                      .count();
              assertThat(inPath).as(route).isEqualTo(route.chars().filter(c -> c == '{').count());
            });
  }

  private List<JsonNode> parameters(JsonNode operation) {
    List<JsonNode> parameters = new ArrayList<>();
    operation.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
    return parameters;
  }

  @Test
  void describesAnswersAsTheyAre() {
    String id = submitted(",\"labels\":{\"a\":\"b\"}");
    api.change(id, job -> job.start(api.clock.instant()));
    api.fail(id, "boom");
    api.memory.heartbeat(
        new WorkerInfo(
            "w-1",
            "host",
            7,
            Set.of("a"),
            Set.of("echo"),
            10,
            0,
            List.of(),
            api.clock.instant(),
            api.clock.instant()));
    String text = http.post("/submit", "{\"text\":\"a\"}").string("id");
    Map.of(
            "/v1/jobs/{id}",
            http.get("/v1/jobs/" + id),
            "/v1/jobs",
            http.get("/v1/jobs"),
            "/results/{id}",
            http.get("/results/" + id),
            "/v1/queues",
            http.get("/v1/queues"),
            "/v1/queues/{queue}",
            http.get("/v1/queues/default"),
            "/v1/workers",
            http.get("/v1/workers"),
            "/v1/workers/{id}",
            http.get("/v1/workers/w-1"),
            "/",
            http.get("/"))
        .forEach((path, answer) -> assertMatches(path, "get", answer));
    assertMatches("/results/{id}", "get", http.get("/results/" + text));
    assertMatches("/v1/jobs/{id}/result", "get", http.get("/v1/jobs/" + text + "/result"));
    assertMatches("/v1/jobs/{id}/result", "get", http.get("/v1/jobs/" + id + "/result"));
    assertMatches("/v1/jobs/{id}/retry", "post", http.post("/v1/jobs/" + id + "/retry", ""));
    assertMatches("/v1/jobs/{id}/retry", "post", http.post("/v1/jobs/" + id + "/retry", ""));
    assertMatches("/v1/jobs/{id}/cancel", "post", http.post("/v1/jobs/" + id + "/cancel", ""));
    String held = submitted(",\"ordering_key\":\"k\",\"on_failed_head\":\"hold\"");
    assertMatches("/v1/jobs/{id}/skip", "post", http.post("/v1/jobs/" + held + "/skip", ""));
    api.fail(held, "boom");
    assertMatches("/v1/jobs/{id}", "get", http.get("/v1/jobs/" + held));
    assertMatches("/v1/jobs/{id}/skip", "post", http.post("/v1/jobs/" + held + "/skip", ""));
    assertMatches("/v1/queues/{queue}/jobs", "delete", http.delete("/v1/queues/default/jobs"));
    assertMatches("/v1/types/{type}/pause", "post", http.post("/v1/types/other/pause", "{}"));
    assertMatches(
        "/v1/types/{type}/pause", "post", http.post("/v1/types/other/pause", "{\"a\":1}"));
    assertMatches("/v1/pauses", "get", http.get("/v1/pauses"));
    assertMatches("/v1/types/{type}/resume", "post", http.post("/v1/types/other/resume", ""));
    assertMatches("/v1/queues/{queue}/pause", "post", http.post("/v1/queues/later/pause", ""));
    assertMatches("/v1/queues/{queue}/resume", "post", http.post("/v1/queues/later/resume", ""));
    String group = "/v1/queues/{queue}/groups/";
    for (String verb : List.of("pause", "resume", "resume")) {
      assertMatches(
          group + verb,
          "post",
          http.post("/v1/queues/later/groups/" + verb, "{\"group\":\"a/b\"}"));
    }
    http.post("/v1/queues/later/groups/pause", "{\"group\":\"a/b\"}");
    assertMatches("/v1/pauses", "get", http.get("/v1/pauses"));
    assertMatches(group + "pause", "post", http.post("/v1/queues/later/groups/pause", "{}"));
    assertMatches("/v1/workers/{id}", "get", http.get("/v1/workers/none"));
    assertMatches(
        "/v1/workers/{id}/drain", "post", http.post("/v1/workers/w-1/drain", "{\"note\":\"n\"}"));
    assertMatches("/v1/workers/{id}/resume", "post", http.post("/v1/workers/w-1/resume", ""));
    assertMatches("/v1/workers/{id}", "patch", http.patch("/v1/workers/w-1", "{\"slots\":3}"));
    deadGroups();
    limitsAreDescribedAsTheyAre("/v1/queues/{queue}/limits", "/v1/queues/mails/limits");
    limitsAreDescribedAsTheyAre("/v1/types/{type}/limits", "/v1/types/mails/limits");
    operations();
    tasks();
    keys();
    users();
    workflows();
    schedules();
    assertMatches("/submit", "post", http.post("/submit", "{\"text\":\"a\"}"));
    assertMatches("/submit", "post", http.post("/submit", "{\"text\":1,\"a\":1}"));
    String keyed = "{\"type\":\"echo\",\"payload\":1,\"queue\":\"gone\"}";
    String gone = http.post("/v1/jobs", keyed, "Idempotency-Key", "gone").string("id");
    http.post("/v1/jobs/" + gone + "/cancel", "");
    http.delete("/v1/queues/gone/jobs");
    Answer deleted = http.post("/v1/jobs", keyed, "Idempotency-Key", "gone");
    assertThat(deleted.json().path("deleted").booleanValue()).isTrue();
    assertMatches("/v1/jobs", "post", deleted);
    String leasable = submitted(",\"queue\":\"leasable\"");
    api.ready(leasable);
    Answer leased = http.post("/v1/queues/leasable/lease", "{\"worker\":\"w\"}");
    assertMatches("/v1/queues/{queue}/lease", "post", leased);
    String lease = "/v1/leases/" + leased.json().at("/leases/0/id").textValue();
    assertMatches("/v1/leases/{id}/heartbeat", "post", http.post(lease + "/heartbeat", ""));
    assertMatches("/v1/leases/{id}/log", "post", http.post(lease + "/log", "{\"lines\":[]}"));
    assertMatches("/v1/leases/{id}/release", "post", http.post(lease + "/release", ""));
    assertMatches("/v1/leases/{id}/heartbeat", "post", http.post(lease + "/heartbeat", ""));
    assertMatches("/v1/leases/{id}/complete", "post", http.post(lease + "/complete", "{}"));
    assertMatches("/v1/leases/batch", "post", http.post("/v1/leases/batch", "[{}]"));
    assertMatches(
        "/v1/jobs/batch",
        "post",
        http.post("/v1/jobs/batch", "[{\"type\":\"echo\",\"payload\":1}]"));
  }

  private void deadGroups() {
    String id = submitted(",\"queue\":\"dead\"");
    api.fail(id, "boom");
    Answer groups = http.get("/v1/dead?queue=dead");
    assertMatches("/v1/dead", "get", groups);
    assertMatches("/v1/dead", "get", http.get("/v1/dead?status=x"));
    String group = "/v1/dead/" + groups.json().at("/groups/0/id").textValue();
    assertMatches("/v1/dead/{group}", "get", http.get(group));
    assertMatches("/v1/dead/{group}", "get", http.get("/v1/dead/none"));
    assertMatches("/v1/dead/{group}/resolve", "post", http.post(group + "/resolve", "{}"));
    assertMatches("/v1/dead/{group}/ignore", "post", http.post(group + "/ignore", "{}"));
    assertMatches("/v1/dead/{group}/reopen", "post", http.post(group + "/reopen", "{}"));
  }

  private void limitsAreDescribedAsTheyAre(String described, String path) {
    String example =
        document
            .path("paths")
            .path(described)
            .at("/put/requestBody/content/application~1json/example")
            .toString();
    for (int status : new int[] {201, 200, 412, 422}) {
      Answer answer =
          http.send(
              "PUT",
              path,
              BodyPublishers.ofString(status == 422 ? "{\"a\":1}" : example),
              "content-type",
              "application/json",
              status == 412 ? "if-none-match" : "x-other",
              "*");
      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
      assertMatches(described, "put", answer);
    }
    assertMatches(described, "get", http.get(path));
    assertMatches(described, "delete", http.delete(path, "if-match", "\"other\""));
    assertThat(http.delete(path).status()).isEqualTo(204);
    assertMatches(described, "get", http.get(path));
    assertMatches(described, "delete", http.delete(path));
  }

  private void schedules() {
    String path = "/v1/schedules/{schedule}";
    String at = "/v1/schedules/described";
    String body = "{\"cron\":\"@daily\",\"job\":{\"type\":\"echo\",\"payload\":1}}";
    HttpRequest.BodyPublisher wrong = HttpRequest.BodyPublishers.ofString("{}");
    assertMatches(path, "get", http.get(at));
    assertMatches(path, "put", http.send("PUT", at, wrong, "content-type", "application/json"));
    for (int i = 0; i < 2; i++) {
      Answer put =
          http.send(
              "PUT",
              at,
              HttpRequest.BodyPublishers.ofString(body),
              "content-type",
              "application/json");
      assertThat(put.status()).as(put.text()).isEqualTo(201 - i);
      assertMatches(path, "put", put);
    }
    assertMatches(path + "/trigger", "post", http.post(at + "/trigger", ""));
    assertMatches(path + "/trigger", "post", http.post(at + "/trigger", "{\"overlap\":\"x\"}"));
    assertMatches(path, "get", http.get(at));
    assertMatches("/v1/schedules", "get", http.get("/v1/schedules"));
    assertMatches(path + "/preview", "get", http.get(at + "/preview"));
    assertMatches(path + "/pause", "post", http.post(at + "/pause", "{\"note\":\"n\"}"));
    assertMatches(path + "/resume", "post", http.post(at + "/resume", ""));
    String range = "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-02T12:00:00Z\"}";
    assertMatches(path + "/backfill", "post", http.post(at + "/backfill", range));
    assertMatches(path + "/backfill", "post", http.post(at + "/backfill", "{}"));
    assertThat(http.delete(at).status()).isEqualTo(204);
    assertMatches(path, "delete", http.delete(at));
  }

  private void keys() {
    String body = "{\"name\":\"shop\",\"role\":\"submitter\"}";
    Answer made = http.post("/v1/keys", body);
    assertMatches("/v1/keys", "post", made);
    assertMatches("/v1/keys", "post", http.post("/v1/keys", "{}"));
    assertMatches("/v1/keys", "get", http.get("/v1/keys"));
    assertMatches("/v1/keys", "get", http.get("/v1/keys?limit=0"));
    String path = "/v1/keys/{key}";
    String at = made.header("location");
    assertMatches(path, "get", http.get(at));
    assertMatches(path, "patch", http.patch(at, "{\"name\":\"b\"}"));
    assertMatches(path, "patch", http.patch(at, "{}"));
    assertMatches(path + "/rotate", "post", http.post(at + "/rotate", ""));
    assertThat(http.delete(at).status()).isEqualTo(204);
    assertMatches(path, "patch", http.patch(at, "{\"name\":\"b\"}"));
    assertMatches(path + "/rotate", "post", http.post(at + "/rotate", ""));
    assertMatches(path, "get", http.get("/v1/keys/none"));
    assertMatches(path, "delete", http.delete("/v1/keys/none"));
  }

  private void users() {
    String body =
        "{\"name\":\"A\",\"email\":\"o@example.com\",\"role\":\"viewer\",\"password\":\"correct"
            + " horse\"}";
    Answer made = http.post("/v1/users", body);
    assertMatches("/v1/users", "post", made);
    assertMatches("/v1/users", "post", http.post("/v1/users", body));
    assertMatches("/v1/users", "get", http.get("/v1/users"));
    assertMatches("/v1/users", "get", http.get("/v1/users?limit=0"));
    String path = "/v1/users/{user}";
    assertMatches(path, "get", http.get(made.header("location")));
    assertMatches(path, "get", http.get("/v1/users/none"));
    assertMatches(path, "patch", http.patch(made.header("location"), "{\"age\":3}"));
    assertMatches(path, "patch", http.patch(made.header("location"), "{}"));
    assertMatches("/v1/users/me", "get", http.get("/v1/users/me"));
    String login = "{\"email\":\"o@example.com\",\"password\":\"%s\"}";
    Answer tokens = http.post("/v1/auth/login", login.formatted("correct horse"));
    assertMatches("/v1/auth/login", "post", tokens);
    assertMatches("/v1/auth/login", "post", http.post("/v1/auth/login", login.formatted("x")));
    String refresh = "{\"refresh_token\":\"%s\"}".formatted(tokens.string("refresh_token"));
    assertMatches("/v1/auth/refresh", "post", http.post("/v1/auth/refresh", refresh));
    assertMatches("/v1/auth/refresh", "post", http.post("/v1/auth/refresh", refresh));
    String everywhere = "/v1/auth/logout-everywhere";
    assertMatches(everywhere, "post", http.post(everywhere, ""));
    assertMatches("/v1/users/stats", "get", http.get("/v1/users/stats"));
    assertMatches("/.well-known/jwks.json", "get", http.get("/.well-known/jwks.json"));
    String mine = "/v1/users/me/password";
    String change = "{\"old_password\":\"a\",\"new_password\":\"b\"}";
    assertMatches(mine, "post", http.post(mine, change));
  }

  private void tasks() {
    for (String type : List.of("add", "multiply", "sum_multiply")) {
      assertMatches("/tasks/" + type, "post", http.post("/tasks/" + type, "{\"a\":1,\"b\":2}"));
      assertMatches("/tasks/" + type, "post", http.post("/tasks/" + type, "{}"));
    }
    Answer chain = http.post("/tasks/chain", "{\"a\":1,\"b\":2}");
    assertMatches("/tasks/chain", "post", chain);
    assertMatches("/tasks/{id}", "get", http.get(chain.header("location")));
    String first = chain.json().at("/tasks/0/task_id").textValue();
    api.succeed(first, "{\"sum\":3}", "fine");
    assertMatches("/tasks/{id}", "get", http.get("/tasks/" + first));
    Answer group = http.post("/tasks/group", "{\"a\":1,\"b\":2}");
    assertMatches("/tasks/group", "post", group);
    assertMatches("/tasks/group/{id}", "get", http.get(group.header("location")));
    for (JsonNode task : group.json().path("tasks")) {
      api.fail(task.path("task_id").textValue(), "boom");
    }
    assertMatches("/tasks/group/{id}", "get", http.get(group.header("location")));
    assertMatches("/tasks/group/{id}", "get", http.get("/tasks/group/" + UNKNOWN_ID));
  }

  private void workflows() {
    for (String path : List.of("/v1/workflows", "/v1/chains", "/v1/groups", "/v1/chords")) {
      String example =
          document
              .path("paths")
              .path(path)
              .at("/post/requestBody/content/application~1json/example")
              .toString();
      Answer made = http.post(path, example);
      assertThat(made.status()).as(made.text()).isEqualTo(202);
      assertMatches(path, "post", made);
      assertMatches(path, "post", http.post(path, "{}"));
      assertMatches("/v1/workflows/{id}", "get", http.get(made.header("location") + "?limit=1"));
      assertMatches(
          "/v1/workflows/{id}/cancel", "post", http.post(made.header("location") + "/cancel", ""));
      String retry = made.header("location") + "/retry";
      assertMatches("/v1/workflows/{id}/retry", "post", http.post(retry, "{\"mode\":\"x\"}"));
      assertMatches("/v1/workflows/{id}/retry", "post", http.post(retry, "{\"mode\":\"all\"}"));
      assertMatches("/v1/workflows/{id}/retry", "post", http.post(retry, "{\"mode\":\"all\"}"));
    }
    String signals = "/v1/workflows/{id}/signals/{name}";
    String waits = "{\"jobs\":[{\"wait\":{\"signal\":\"go\",\"timeout\":\"1h\"}}]}";
    String waiting = http.post("/v1/chains", waits).header("location") + "/signals/go";
    assertMatches(signals, "post", http.post(waiting, "{\"a\":1}"));
    assertMatches(signals, "post", http.post(waiting, "{\"payload\":1}"));
    assertMatches(signals, "post", http.post(waiting, "{\"payload\":1}"));
    assertMatches("/v1/workflows", "get", http.get("/v1/workflows?limit=2"));
    assertMatches("/v1/workflows", "get", http.get("/v1/workflows?state=x"));
    String unknown = "/v1/workflows/" + UNKNOWN_ID;
    assertMatches("/v1/workflows/{id}", "get", http.get(unknown));
    assertMatches("/v1/workflows/{id}/cancel", "post", http.post(unknown + "/cancel", ""));
    assertMatches("/v1/workflows/{id}/retry", "post", http.post(unknown + "/retry", ""));
    assertMatches(signals, "post", http.post(unknown + "/signals/go", "{}"));
  }

  private void operations() {
    String body = "{\"action\":\"cancel\",\"filter\":{\"queue\":\"none\"}}";
    Answer begun = http.post("/v1/operations", body);
    assertMatches("/v1/operations", "post", begun);
    assertMatches("/v1/operations", "post", http.post("/v1/operations", "{}"));
    assertMatches("/v1/operations", "get", http.get("/v1/operations"));
    String path = "/v1/operations/{operation}";
    assertMatches(path, "get", http.get(begun.header("location")));
    assertMatches(path, "get", http.get("/v1/operations/" + UNKNOWN_ID));
    for (String verb : List.of("/pause", "/resume", "/abort", "/pause")) {
      assertMatches(path + verb, "post", http.post(begun.header("location") + verb, ""));
    }
  }

  @Test
  void theDocumentsHaveEveryFieldOfAJob() {
    String fieldsTable = Documents.section("## Fields");
    JsonNode fields = document.at("/components/schemas/BatchJob/properties");
    Set<String> names = new TreeSet<>();
    fields.fieldNames().forEachRemaining(names::add);
    names.remove("retry");
    fields.at("/retry/properties").fieldNames().forEachRemaining(n -> names.add("retry." + n));

    assertThat(names).hasSizeGreaterThan(10);
    for (String name : names) {
      assertThat(fieldsTable).containsPattern("(?m)^\\|.*`" + name + "`.*\\|.*\\|.*\\|$");
    }
  }

  @Test
  void givesExamplesThatMatchTheirSchemas() {
    List<JsonNode> described = new ArrayList<>();
    for (JsonNode parent : document.findParents("example")) {
      if (parent.has("schema")) {
        described.add(parent);
        assertMatches(parent.path("schema"), parent.path("example"), "example");
      }
    }
    assertThat(described).hasSizeGreaterThan(20);
  }

  @Test
  void itsExamplesOfRequestsAreAccepted() {
    for (String path : new String[] {"/submit", "/v1/jobs", "/v1/jobs/batch", "/echo"}) {
      document
          .path("paths")
          .path(path)
          .at("/post/requestBody/content")
          .properties()
          .forEach(
              content -> {
                JsonNode example = content.getValue().path("example");
                Answer answer =
                    http.post(
                        path,
                        example.isTextual() ? example.textValue() : example.toString(),
                        "content-type",
                        content.getKey());
                assertThat(answer.status()).as(answer.text()).isIn(200, 202);
                assertThat(answer.text()).doesNotContain("\"error\":{");
              });
    }
  }

  private void assertMatches(String path, String method, Answer answer) {
    JsonNode response =
        resolve(
            document
                .path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(String.valueOf(answer.status())));
    String type = answer.header("content-type");
    JsonNode content = response.path("content").path(type);
    assertThat(content.isMissingNode()).as(path + " " + answer.status() + " " + type).isFalse();
    assertMatches(content.path("schema"), answer.json(), path);
  }

  /** As much of JSON Schema as the document uses of it for answers. */
  private void assertMatches(JsonNode unresolved, JsonNode value, String where) {
    JsonNode schema = resolve(unresolved);
    schema.path("allOf").forEach(part -> assertMatches(part, value, where));
    for (String choice : List.of("oneOf", "anyOf")) {
      if (schema.has(choice)) {
        int which = value.has("deleted") ? schema.path(choice).size() - 1 : 0;
        which = value.isNull() || value.path("error").isObject() ? 1 : which;
        assertMatches(schema.path(choice).get(which), value, where);
      }
    }
    if (schema.has("type")) {
      List<String> types = new ArrayList<>();
      JsonNode type = schema.path("type");
      if (type.isArray()) {
        type.forEach(one -> types.add(one.asText()));
      } else {
        types.add(type.asText());
      }
      assertThat(types.contains("number") && value.isNumber() ? "number" : type(value))
          .as(where)
          .isIn(types);
    }
    if (value.isObject()) {
      schema
          .path("required")
          .forEach(name -> assertThat(value.has(name.asText())).as(where + "." + name).isTrue());
    }
    if (schema.has("enum") && !value.isNull()) {
      assertThat(schema.path("enum")).as(where).contains(value);
    }
    if (value.isArray()) {
      value.forEach(item -> assertMatches(schema.path("items"), item, where + "[]"));
    }
    if (value.isObject() && schema.has("properties")) {
      value
          .properties()
          .forEach(
              field -> {
                JsonNode property = schema.path("properties").path(field.getKey());
                if (property.isMissingNode()) {
                  // what one part of an allOf does not know, another does
                  assertThat(document.findValues(field.getKey()))
                      .as(where + "." + field.getKey())
                      .isNotEmpty();
                } else {
                  assertMatches(property, field.getValue(), where + "." + field.getKey());
                }
              });
    }
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static String type(JsonNode value) {
    return value.isIntegralNumber()
        ? "integer"
        : value.getNodeType() == JsonNodeType.NULL
            ? "null"
            : value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }
}
