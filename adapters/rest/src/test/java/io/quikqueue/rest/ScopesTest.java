package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.rest.Http.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a key with a scope sees and changes: all routes of {@code roles.txt} are walked, each in the
 * way that its last word says. A route that nobody says how to walk fails.
 */
@Timeout(600)
class ScopesTest extends RunningApi {

  private static final String ADMIN = "the-key-of-the-configuration-is-long";
  private static final String UNKNOWN = "0193512d-8c3e-7a4b-9f10-000000000000";

  /** Stands in all that is foreign, so that it can be looked for. */
  private static final String MARK = "theirs";

  private static final String FOREIGN_JOB =
      "{\"type\":\"echo\",\"payload\":1,\"queue\":\"theirs\"}";

  /** What is asked for outside the scope, by the path. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("/submit", "{\"text\":\"t\"}"),
          Map.entry("/tasks/add", "{\"a\":1,\"b\":2}"),
          Map.entry("/tasks/multiply", "{\"a\":1,\"b\":2}"),
          Map.entry("/tasks/sum_multiply", "{\"a\":1,\"b\":2}"),
          Map.entry("/tasks/chain", "{\"a\":1,\"b\":2}"),
          Map.entry("/tasks/group", "{\"a\":1,\"b\":2}"),
          Map.entry("/v1/jobs", FOREIGN_JOB),
          Map.entry("/v1/chains", "{\"jobs\":[" + FOREIGN_JOB + "]}"),
          Map.entry("/v1/groups", "{\"jobs\":[" + FOREIGN_JOB + "]}"),
          Map.entry(
              "/v1/chords",
              "{\"jobs\":[{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\"}],\"body\":"
                  + FOREIGN_JOB
                  + "}"),
          Map.entry(
              "/v1/workflows",
              "{\"name\":\"w\",\"nodes\":[{\"name\":\"a\",\"type\":\"echo\",\"payload\":1,"
                  + "\"queue\":\"mine\"},{\"name\":\"b\",\"type\":\"echo\",\"payload\":1,"
                  + "\"queue\":\"theirs\"}]}"),
          Map.entry(
              "/v1/operations",
              "{\"action\":\"move\",\"queue\":\"theirs\",\"filter\":{\"queue\":\"mine\"}}"));

  /** A route of the table. */
  private record Route(String method, String path, String scope) {}

  private String byQueue;
  private String byType;
  private String workflow;
  private String mixed;
  private String operation;
  private String deadGroup;
  private String lease;
  private String narrow;
  private String wide;

  ScopesTest() {
    super(AccessTest.WithKeys.class);
  }

  @BeforeEach
  void setUpWhatIsForeign() {
    byType = posted("/v1/jobs", "{\"type\":\"http\",\"payload\":{},\"queue\":\"mine\"}");
    workflow = posted("/v1/groups", "{\"jobs\":[" + FOREIGN_JOB + "]}");
    mixed = posted("/v1/workflows", BODIES.get("/v1/workflows"));
    operation =
        posted(
            "/v1/operations",
            "{\"action\":\"cancel\",\"dry_run\":true,\"filter\":{\"queue\":\"theirs\"}}");
    String failed = posted("/v1/jobs", FOREIGN_JOB);
    api.fail(failed, "boom of theirs");
    deadGroup = http.as(ADMIN, "GET", "/v1/dead", "").json().at("/groups/0/id").textValue();
    String leased = posted("/v1/jobs", FOREIGN_JOB);
    api.ready(leased);
    Answer leases = http.as(ADMIN, "POST", "/v1/queues/theirs/lease", "{\"worker\":\"w-theirs\"}");
    lease = leases.json().at("/leases/0/id").textValue();
    byQueue = posted("/v1/jobs", FOREIGN_JOB);
    Instant now = api.clock.instant();
    api.memory.heartbeat(
        new WorkerInfo(
            "worker-theirs", "h", 7, Set.of("theirs"), Set.of("echo"), 1, 0, List.of(), now, now));
    ok("PUT", "/v1/schedules/theirs-nightly", "{\"every\":\"1h\",\"job\":" + FOREIGN_JOB + "}");
    ok("PUT", "/v1/queues/theirs/limits", "{\"concurrency\":7}");
    ok("PUT", "/v1/types/http/limits", "{\"concurrency\":8}");
    ok("POST", "/v1/queues/theirs/pause", "");
    ok("POST", "/v1/types/http/pause", "");
    narrow = key("\"queues\":[\"mine*\"],\"types\":[\"echo\"]");
    wide = key("\"queues\":[\"mine*\"]");
    api.letChangesTakeEffect();
  }

  private void ok(String method, String path, String body) {
    Answer answer = http.as(ADMIN, method, path, body);
    assertThat(answer.status()).as("%s %s: %s", method, path, answer.text()).isBetween(200, 299);
  }

  private String posted(String path, String body) {
    Answer answer = http.as(ADMIN, "POST", path, body);
    assertThat(answer.status()).as("%s: %s", path, answer.text()).isBetween(200, 202);
    return answer.string("id");
  }

  private String key(String scope) {
    Answer made =
        http.as(ADMIN, "POST", "/v1/keys", "{\"name\":\"k\",\"role\":\"operator\"," + scope + "}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String key = made.string("key");
    await().until(() -> http.as(key, "GET", "/v1/jobs", "").status() == 200);
    return key;
  }

  private static List<Route> routes() throws IOException {
    List<Route> routes = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ScopesTest.class.getResourceAsStream("roles.txt")),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        routes.add(new Route(words[1].toUpperCase(Locale.ROOT), words[2], words[3]));
      }
    }
    return routes;
  }

  @Test
  void noRouteTellsOrChangesWhatIsOutsideTheScope() throws IOException {
    Map<String, String> before = all();
    for (Route route : routes()) {
      for (String key : List.of(narrow, wide)) {
        walk(route, key);
      }
    }
    all().forEach((path, after) -> assertThat(after).as(path).isEqualTo(before.get(path)));
  }

  private void walk(Route route, String key) {
    boolean typed = key.equals(narrow);
    switch (route.scope()) {
      case "nothing" -> {}
      case "job" ->
          absent(route, key, typed ? List.of(byQueue, byType) : List.of(byQueue), UNKNOWN);
      case "workflow" -> absent(route, key, List.of(workflow, mixed), UNKNOWN);
      case "operation" -> absent(route, key, List.of(operation), UNKNOWN);
      case "schedule" -> absent(route, key, List.of("theirs-nightly", "their%73-nightly"), "none");
      case "schedule_or_new" -> {
        String path = put(route.path(), "theirs-nightly");
        assertThat(http.as(key, route.method(), path, "{}").status()).isEqualTo(404);
        String fresh = "{\"every\":\"1h\",\"job\":" + FOREIGN_JOB + "}";
        Answer answer = http.as(key, route.method(), put(route.path(), "fresh"), fresh);
        ApiTest.assertProblem(answer, 403, "out-of-scope");
      }
      case "dead_group" -> absent(route, key, List.of(deadGroup), "0".repeat(32));
      case "queue" -> absent(route, key, List.of("theirs", "%74heirs"), "nobodys");
      case "whole_queue" -> {
        absent(route, key, List.of("theirs", "%74heirs"), "nobodys");
        if (typed) {
          ApiTest.assertProblem(
              http.as(key, route.method(), put(route.path(), "mine"), "{}"), 403, "out-of-scope");
        }
      }
      case "type" -> {
        if (typed) {
          absent(route, key, List.of("http"), "none");
        }
      }
      case "whole_type" -> {
        if (typed) {
          absent(route, key, List.of("http"), "none");
        }
        ApiTest.assertProblem(
            http.as(key, route.method(), put(route.path(), "echo"), "{}"), 403, "out-of-scope");
      }
      case "everything" ->
          assertThat(
                  http.as(key, route.method(), put(route.path(), "worker-theirs"), "{}").status())
              .as(route.toString())
              .isEqualTo(403);
      case "body" -> asked(route, key);
      case "filtered" -> filtered(route, key);
      default -> throw new AssertionError("nobody knows how to walk " + route);
    }
  }

  /** What is foreign is answered as what is not there. */
  private void absent(Route route, String key, List<String> foreign, String unknown) {
    String none = told(route, key, unknown);
    for (String each : foreign) {
      assertThat(told(route, key, each)).as("%s of %s", route, each).isEqualTo(none);
    }
    assertThat(none).as(route.toString()).startsWith("404 ");
  }

  private String told(Route route, String key, String id) {
    Answer answer = http.as(key, route.method(), put(route.path(), id), "{}");
    return answer.status() + " " + answer.text().replace(id, "ID");
  }

  private static String put(String path, String first) {
    return path.replaceFirst("\\{[a-z]+}", first).replaceAll("\\{[a-z]+}", "x");
  }

  private void asked(Route route, String key) {
    if (route.path().equals("/v1/jobs/batch")) {
      Answer answer = http.as(key, "POST", route.path(), "[" + FOREIGN_JOB + "]");
      assertThat(answer.text()).contains("out-of-scope").contains("403");
      return;
    }
    String body = BODIES.get(route.path());
    assertThat(body).as("what to ask of %s", route).isNotNull();
    Answer answer = http.as(key, route.method(), route.path(), body);
    assertThat(ApiTest.assertProblem(answer, 403, "out-of-scope").path("field").isTextual())
        .as(route.toString())
        .isTrue();
  }

  private void filtered(Route route, String key) {
    if (route.path().equals("/v1/leases/batch")) {
      Answer answer =
          http.as(
              key, "POST", route.path(), "[{\"id\":\"" + lease + "\",\"action\":\"complete\"}]");
      assertThat(answer.text()).contains("unknown-lease").doesNotContain("DONE");
      return;
    }
    if (route.path().startsWith("/v1/leases/")) {
      String body =
          route.path().endsWith("/log")
              ? "{\"lines\":[\"x\"]}"
              : route.path().endsWith("/progress")
                  ? "{\"percent\":1}"
                  : route.path().endsWith("/fail")
                      ? "{\"message\":\"x\"}"
                      : route.path().endsWith("/sleep")
                          ? "{\"name\":\"x\",\"for\":\"1s\"}"
                          : route.path().endsWith("/wait")
                              ? "{\"name\":\"x\",\"signal\":\"s\",\"timeout\":\"1s\"}"
                              : "{}";
      Answer answer = http.as(key, "POST", put(route.path(), lease), body);
      ApiTest.assertProblem(answer, 404, "unknown-lease");
      return;
    }
    String path =
        put(route.path(), route.path().startsWith("/v1/dead") ? deadGroup : "worker-theirs");
    Answer answer = http.as(key, route.method(), path, "");
    assertThat(answer.status())
        .as(route.toString())
        .isEqualTo(path.equals(route.path()) ? 200 : 404);
    assertThat(answer.text()).as(route.toString()).doesNotContain(MARK, byQueue, workflow, mixed);
    if (key.equals(narrow)) {
      assertThat(answer.text()).as(route.toString()).doesNotContain("http", byType);
    }
  }

  /** All that the keys must not change, and that nothing was added. */
  private Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    for (String path :
        List.of(
            "/v1/jobs",
            "/v1/workflows",
            "/v1/schedules",
            "/v1/operations",
            "/v1/dead",
            "/v1/pauses",
            "/v1/queues/theirs/limits",
            "/v1/types/http/limits")) {
      all.put(path, http.as(ADMIN, "GET", path, "").text());
    }
    return all;
  }

  @Test
  void whatIsWithinTheScopeIsSeenAndChangedAsEver() {
    Answer job =
        http.as(
            narrow, "POST", "/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine1\"}");
    assertThat(job.status()).as(job.text()).isEqualTo(202);
    String id = job.string("id");
    assertThat(http.as(narrow, "GET", "/v1/jobs", "").text()).contains(id);
    assertThat(http.as(narrow, "GET", "/v1/jobs/" + id, "").status()).isEqualTo(200);
    assertThat(http.as(narrow, "GET", "/v1/queues", "").text()).contains("mine1");
    assertThat(http.as(narrow, "POST", "/v1/jobs/" + id + "/cancel", "").status()).isEqualTo(200);
    assertThat(http.as(wide, "PUT", "/v1/queues/mine1/limits", "{\"concurrency\":1}").status())
        .isEqualTo(201);
    String group = "{\"jobs\":[{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\"}]}";
    String flow = http.as(narrow, "POST", "/v1/groups", group).string("id");
    assertThat(http.as(narrow, "GET", "/v1/workflows/" + flow, "").status()).isEqualTo(200);
    assertThat(http.as(narrow, "GET", "/v1/workflows", "").text())
        .contains(flow)
        .doesNotContain(mixed);
    assertThat(http.as(wide, "POST", "/v1/workflows/" + flow + "/cancel", "").status())
        .isEqualTo(200);
    String schedule =
        "{\"every\":\"1h\",\"job\":{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\"}}";
    assertThat(http.as(narrow, "PUT", "/v1/schedules/own", schedule).status()).isEqualTo(201);
    assertThat(http.as(narrow, "GET", "/v1/schedules", "").text())
        .contains("own")
        .doesNotContain(MARK);
    String own =
        http.as(
                narrow,
                "POST",
                "/v1/operations",
                "{\"action\":\"cancel\",\"filter\":{\"type\":\"echo\"}}")
            .string("id");
    assertThat(http.as(narrow, "GET", "/v1/operations", "").text()).contains(own);
    assertThat(http.as(wide, "GET", "/v1/operations/" + own, "").status()).isEqualTo(404);
    assertThat(api.memory.operations().underWay())
        .filteredOn(each -> each.id().toString().equals(own))
        .singleElement()
        .satisfies(each -> assertThat(each.filter().scope().coversQueue("theirs")).isFalse());
  }

  @Test
  void aWorkerLeasesAndReportsWithinItsScope() {
    String job = posted("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\"}");
    api.ready(job);
    Answer all = http.as(narrow, "POST", "/v1/queues/mine/lease", "{\"worker\":\"w\"}");
    ApiTest.assertProblem(all, 403, "out-of-scope");
    Answer foreign =
        http.as(narrow, "POST", "/v1/queues/mine/lease", "{\"worker\":\"w\",\"types\":[\"http\"]}");
    ApiTest.assertProblem(foreign, 403, "out-of-scope");

    Answer own =
        http.as(narrow, "POST", "/v1/queues/mine/lease", "{\"worker\":\"w\",\"types\":[\"echo\"]}");

    String id = own.json().at("/leases/0/id").textValue();
    String spawns = "{\"spawn\":[{\"type\":\"echo\",\"payload\":1,\"queue\":\"theirs\"}]}";
    Answer spawned = http.as(narrow, "POST", "/v1/leases/" + id + "/complete", spawns);
    assertThat(ApiTest.assertProblem(spawned, 403, "out-of-scope").path("field").textValue())
        .isEqualTo("spawn.0.queue");
    Answer batch =
        http.as(
            narrow,
            "POST",
            "/v1/leases/batch",
            "[{\"id\":\"%s\",\"action\":\"complete\",%s,{\"id\":\"%s\",\"action\":\"heartbeat\"}]"
                .formatted(id, spawns.substring(1), id));
    assertThat(batch.json().at("/items/0/error/type").textValue()).endsWith("out-of-scope");
    assertThat(batch.json().at("/items/1/expires_at").isTextual()).as(batch.text()).isTrue();
    assertThat(http.as(narrow, "POST", "/v1/leases/" + id + "/complete", "{}").status())
        .isEqualTo(200);
  }

  @Test
  void aJobReachesNotBeyondTheScopeByItsCallbackSlotOrMove() {
    String own = "{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\",";
    Map<String, String> beyond =
        Map.of(
            "callback", "\"callback\":{\"url\":\"http://example.com/\"}}",
            "ordering_key", "\"ordering_key\":\"k\"}",
            "unique.within", "\"unique\":{\"key\":\"k\",\"within\":\"queue\"}}");
    beyond.forEach(
        (field, rest) -> {
          Answer answer = http.as(narrow, "POST", "/v1/jobs", own + rest);
          assertThat(ApiTest.assertProblem(answer, 403, "out-of-scope").path("field").textValue())
              .isEqualTo(field);
          assertThat(http.as(wide, "POST", "/v1/jobs", own + rest).status()).isEqualTo(202);
        });
    Answer type =
        http.as(wide, "POST", "/v1/jobs", own + "\"unique\":{\"key\":\"k\",\"within\":\"type\"}}");
    ApiTest.assertProblem(type, 403, "out-of-scope");
    String job = posted("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\"}");
    Answer moved = http.as(wide, "PATCH", "/v1/jobs/" + job, "{\"queue\":\"theirs\"}");
    ApiTest.assertProblem(moved, 403, "out-of-scope");
  }

  @Test
  void aWorkflowThatOnlyWaitsIsInNoScope() {
    String waits = "{\"jobs\":[{\"wait\":{\"signal\":\"go\",\"timeout\":\"1h\"}}]}";
    String id = posted("/v1/chains", waits);

    Answer refused = http.as(wide, "POST", "/v1/chains", waits);

    assertThat(ApiTest.assertProblem(refused, 403, "out-of-scope").path("field").textValue())
        .isEqualTo("jobs");
    assertThat(http.as(wide, "GET", "/v1/workflows/" + id, "").status()).isEqualTo(404);
    assertThat(http.as(wide, "GET", "/v1/workflows", "").text()).doesNotContain(id);
  }

  @Test
  void anUnknownTypeTellsOfNoForeignOnes() {
    Answer refused = http.as(narrow, "POST", "/v1/jobs", "{\"type\":\"echo2\",\"queue\":\"mine\"}");

    assertThat(refused.text()).doesNotContain("http");
  }

  @Test
  void aKeyIsShownWithItsScopeAndAnAdminHasNone() {
    Answer shown = http.as(ADMIN, "GET", "/v1/keys/" + narrow.substring(3, 19), "");
    assertThat(shown.json().at("/queues/0").textValue()).isEqualTo("mine*");
    assertThat(shown.json().at("/types/0").textValue()).isEqualTo("echo");
    for (String wrong :
        List.of(
            "\"role\":\"admin\",\"queues\":[\"a\"]",
            "\"role\":\"viewer\",\"queues\":[]",
            "\"role\":\"viewer\",\"queues\":[\"A\"]",
            "\"role\":\"viewer\",\"queues\":[\"a*b\"]",
            "\"role\":\"viewer\",\"types\":[\"\"]",
            "\"role\":\"viewer\",\"types\":\"a\"")) {
      Answer answer = http.as(ADMIN, "POST", "/v1/keys", "{\"name\":\"k\"," + wrong + "}");
      assertThat(answer.status()).as(wrong).isEqualTo(422);
    }
    Set<String> many = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      many.add("\"q" + i + "\"");
    }
    String most = "{\"name\":\"k\",\"role\":\"viewer\",\"queues\":" + many + "}";
    assertThat(http.as(ADMIN, "POST", "/v1/keys", most).status()).isEqualTo(201);
    many.add("\"more\"");
    String more = "{\"name\":\"k\",\"role\":\"viewer\",\"queues\":" + many + "}";
    assertThat(http.as(ADMIN, "POST", "/v1/keys", more).status()).isEqualTo(422);
  }

  @Test
  void whoHasSomeQueuesDoesNotSilenceWhatFailsInOthersLater() {
    String job = posted("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"queue\":\"mine\"}");
    api.fail(job, "boom of mine");
    String group = http.as(wide, "GET", "/v1/dead", "").json().at("/groups/0/id").textValue();
    String path = "/v1/dead/" + group;

    Answer ignored = http.as(wide, "POST", path + "/ignore", "{}");

    assertThat(ignored.status()).as(ignored.text()).isEqualTo(403);
    assertThat(http.as(ADMIN, "GET", path, "").text()).contains("\"status\":\"open\"");
    assertThat(http.as(wide, "POST", path + "/resolve", "{}").status()).isEqualTo(200);
    String ofType = key("\"types\":[\"echo\"]");
    assertThat(http.as(ofType, "POST", path + "/ignore", "{}").status()).isEqualTo(200);
  }

  @Test
  void aFieldOutsideTheScopeIsCalledAsItWasSent() {
    for (String path : List.of("/v1/chains", "/v1/groups")) {
      assertThat(http.as(wide, "POST", path, BODIES.get("/v1/chains")).string("field"))
          .isEqualTo("jobs.0.queue");
    }
    assertThat(http.as(wide, "POST", "/v1/chords", BODIES.get("/v1/chords")).string("field"))
        .isEqualTo("body.queue");
    assertThat(http.as(wide, "POST", "/v1/workflows", BODIES.get("/v1/workflows")).string("field"))
        .isEqualTo("nodes.1.queue");
  }
}
