package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.rest.Http.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call what: the table {@code roles.txt}, tried route by route. */
@Timeout(600)
class AccessTest extends RunningApi {

  private static final String ADMIN_KEY = "the-key-of-the-configuration-is-long";

  /** Asks for keys. */
  public static final class WithKeys extends ApiUnderTest {
    final Map<String, Integer> refused = new ConcurrentHashMap<>();

    /** Counts who was refused alone. */
    private Meter meter() {
      return (Meter)
          Proxy.newProxyInstance(
              Meter.class.getClassLoader(),
              new Class<?>[] {Meter.class},
              (_, _, args) -> refused.merge((String) args[0], 1, Integer::sum) == null);
    }

    @Override
    @Nullable Authenticate authenticate() {
      return new Authenticate(
          apiKeys, clock, System::nanoTime, ADMIN_KEY, meter(), users.callers());
    }
  }

  AccessTest() {
    super(WithKeys.class);
  }

  private String key(Role role) {
    Answer made =
        http.post(
            "/v1/keys",
            "{\"name\":\"t\",\"role\":\"%s\"}".formatted(role.name().toLowerCase(Locale.ROOT)),
            "authorization",
            "Bearer " + ADMIN_KEY);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.string("key");
  }

  /** A key that counts by now: another that was made before may be all that is known. */
  private String counting(Role role) {
    String key = key(role);
    await().until(() -> call("GET", "/v1/queues", key).status() == 200);
    return key;
  }

  private Answer call(String method, String path, @Nullable String key) {
    return call(method, path, key, "");
  }

  private Answer call(String method, String path, @Nullable String key, String body) {
    return http.as(key, method, path, body);
  }

  /** Routes as {@code "get /v1/jobs"} with the word of the role they need. */
  private static Map<String, String> table() throws IOException {
    Map<String, String> roles = new TreeMap<>();
    scopes().forEach((route, words) -> roles.put(route, words.split(" ")[0]));
    return roles;
  }

  /** Likewise, with the word of how they keep to the scope of a key behind it. */
  private static Map<String, String> scopes() throws IOException {
    Map<String, String> table = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(AccessTest.class.getResourceAsStream("roles.txt")),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        table.put(words[1] + " " + words[2], words[0] + " " + words[3]);
      }
    }
    return table;
  }

  @Test
  void theDocumentSaysWhatTheTableSays() throws IOException {
    Map<String, String> described = new TreeMap<>();
    ServedRoutes.operations(http.get("/openapi.json").json())
        .forEach(
            (route, operation) ->
                described.put(
                    route,
                    operation.at("/security/0/apiKey/0").asText("nobody")
                        + " "
                        + operation.path("x-scope").asText("nothing")));

    assertThat(described).isEqualTo(scopes());
  }

  @Test
  void everyRouteTakesWhatItsRoleAllowsAndNothingElse() throws IOException {
    Map<String, @Nullable String> keys = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      keys.put(Words.of(role), counting(role));
    }
    String revoked = key(Role.ADMIN);
    call("DELETE", "/v1/keys/" + revoked.substring(3, 19), ADMIN_KEY);
    keys.put("revoked", revoked);
    keys.put("expired", expired());
    keys.put("garbage", "qq_garbage");
    keys.put("unknown", KeyText.of(new byte[KeyText.BYTES]).text());
    keys.put("none", null);
    await().until(() -> call("GET", "/v1/queues", revoked).status() == 401);

    for (Map.Entry<String, String> route : table().entrySet()) {
      for (Map.Entry<String, @Nullable String> each : keys.entrySet()) {
        assertThat(outcome(route.getKey(), each.getValue()))
            .as("%s as %s", route.getKey(), each.getKey())
            .isEqualTo(expected(route.getValue(), each.getKey()));
      }
    }
  }

  private static String expected(String needed, String has) {
    if (needed.equals("nobody")) {
      return "let in";
    }
    for (Role role : Role.values()) {
      if (Words.of(role).equals(has)) {
        boolean may = role.included().stream().anyMatch(each -> Words.of(each).equals(needed));
        return may ? "let in" : "403";
      }
    }
    return "401";
  }

  private String outcome(String route, @Nullable String key) {
    String[] words = route.split(" ");
    Answer answer = call(words[0].toUpperCase(Locale.ROOT), FrontDoorTest.path(words[1]), key);
    boolean unserved =
        answer.status() == 405
            || answer.status() == 404 && answer.text().contains("problem:not-found");
    return answer.status() == 401 || answer.status() == 403 || unserved
        ? Integer.toString(answer.status())
        : "let in";
  }

  private String expired() {
    byte[] bytes = new byte[KeyText.BYTES];
    bytes[0] = 1;
    KeyText text = KeyText.of(bytes);
    Instant now = api.clock.instant();
    api.apiKeys.create(
        ApiKey.created(text, "old", Role.ADMIN, now, now.minusSeconds(9), "anonymous"));
    return text.text();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"responses\":{}}",
        "{\"security\":[{\"apiKey\":[\"viewer\"]}]}",
        "{\"security\":[{\"apiKey\":[\"viewer\"]}],\"x-scope\":\"job\"}",
        "{\"security\":[{\"apiKey\":[\"viewer\"]}],\"x-scope\":\"all\"}",
        "{\"security\":null}",
        "{\"security\":{}}",
        "{\"security\":[{}]}",
        "{\"security\":[{\"apiKey\":[]}]}",
        "{\"security\":[{\"apiKey\":[\"root\"]}]}",
        "{\"security\":[{\"other\":[\"viewer\"]}]}",
        "{\"security\":[{\"apiKey\":[\"admin\",\"viewer\"]}]}",
        "{\"security\":[{\"apiKey\":[\"admin\"]},{\"apiKey\":[\"viewer\"]}]}"
      })
  void aRouteThatDoesNotSayWhatItNeedsKeepsTheServiceFromStarting(String operation)
      throws IOException {
    String document = "{\"info\":{},\"paths\":{\"/v1/new\":{\"get\":" + operation + "}}}";
    try (JsonParser json = Json.FACTORY.createParser(document)) {
      assertThatThrownBy(() -> RouteRules.of(json))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("GET /v1/new");
    }
  }

  @Test
  void whatAPathDoesNotTakeIsServedToNobody() throws IOException {
    Set<String> routes = table().keySet();
    for (String route : routes) {
      String path = route.split(" ")[1];
      for (String method : List.of("get", "post", "put", "patch", "delete", "trace", "foo")) {
        if (!routes.contains(method + " " + path)) {
          Answer answer =
              call(method.toUpperCase(Locale.ROOT), FrontDoorTest.path(path), ADMIN_KEY);
          assertThat(answer.status()).as("%s %s", method, path).isEqualTo(405);
          assertThat(answer.header("allow")).contains(route.split(" ")[0].toUpperCase(Locale.ROOT));
        }
      }
    }
  }

  @Test
  void workersWhoseIdHasSlashesAreReachedByWhoMay() {
    for (String id : List.of("pull:d/1:x", "a/drain", "a/b/resume/c")) {
      api.memory.heartbeat(worker(id));
      String at = "/v1/workers/" + id;
      assertThat(call("GET", at, counting(Role.VIEWER)).status()).as(id).isIn(200, 405);
      String viewer = counting(Role.VIEWER);
      assertThat(call("PATCH", at, viewer, "{\"slots\":0}").status()).as(id).isIn(403, 405);
      assertThat(call("POST", at + "/drain", viewer).status()).as(id).isEqualTo(403);
      assertThat(call("POST", at + "/drain", ADMIN_KEY).status()).as(id).isEqualTo(200);
    }
  }

  private WorkerInfo worker(String id) {
    Instant now = api.clock.instant();
    return new WorkerInfo(id, "host", 7, Set.of("a"), Set.of("echo"), 10, 0, List.of(), now, now);
  }

  @Test
  void aKeyThatIsRevokedLeasesNothingWhenItsWaitIsOver() throws Exception {
    String key = counting(Role.SUBMITTER);
    CompletableFuture<Answer> lease =
        CompletableFuture.supplyAsync(
            () ->
                call(
                    "POST",
                    "/v1/queues/revoked/lease",
                    key,
                    "{\"worker\":\"w\",\"wait\":\"90s\"}"));
    await().until(() -> api.rest.waiting() > 0);
    call("DELETE", "/v1/keys/" + key.substring(3, 19), ADMIN_KEY);
    await().until(() -> call("GET", "/v1/queues", key).status() == 401);
    Answer job =
        call(
            "POST",
            "/v1/jobs",
            ADMIN_KEY,
            "{\"type\":\"echo\",\"payload\":1,\"queue\":\"revoked\"}");
    api.ready(job.string("id"));

    assertThat(lease.get().status()).isEqualTo(401);
  }

  @Test
  void signalsOfAccountsAreApart() {
    String job =
        call("POST", "/v1/jobs", ADMIN_KEY, "{\"type\":\"echo\",\"payload\":1}").string("id");
    for (Role role : List.of(Role.SUBMITTER, Role.OPERATOR)) {
      Answer sent =
          http.post(
              "/v1/jobs/" + job + "/signals/go",
              "{\"payload\":\"" + role + "\"}",
              "authorization",
              "Bearer " + counting(role),
              "idempotency-key",
              "the-same");
      assertThat(sent.status()).as(sent.text()).isEqualTo(202);
      assertThat(sent.text()).doesNotContain("\"repeated\":true");
    }
  }

  @Test
  void whoSendsNoKeyIsAskedForOne() {
    Answer answer = call("GET", "/v1/jobs", null);
    ApiTest.assertProblem(answer, 401, "no-key");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"quikqueue\"");

    Answer wrong = call("GET", "/v1/jobs", "qq_wrong");
    ApiTest.assertProblem(wrong, 401, "wrong-key");
    assertThat(wrong.header("www-authenticate")).contains("invalid_token");

    Answer small = call("POST", "/v1/queues/default/pause", counting(Role.VIEWER));
    assertThat(ApiTest.assertProblem(small, 403, "forbidden").path("role").textValue())
        .isEqualTo("operator");
  }

  @Test
  void twoKeysAreNone() {
    Answer answer =
        http.get(
            "/v1/jobs",
            "authorization",
            "Bearer " + ADMIN_KEY,
            "authorization",
            "Bearer " + ADMIN_KEY);

    ApiTest.assertProblem(answer, 401, "no-key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1//keys",
        "/v1/jobs/%2e%2e/keys",
        "/v1/%6Beys",
        "/V1/keys",
        "/v1/keys%2f",
        "/v1/keys/..;/keys",
        "/v1/jobs/x/signals/%2E%2E",
        "/nothing",
        "/v1/hidden"
      })
  void aPathThatIsNotWrittenPlainlyOpensNothing(String path) {
    String viewer = counting(Role.VIEWER);

    for (String method : new String[] {"GET", "POST", "HEAD", "PUT"}) {
      assertThat(call(method, path, viewer).status()).isIn(400, 403, 404, 405);
      assertThat(call(method, path, null).status()).isIn(400, 401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/keys/", "/v1/keys;a=b", "/v1;x/keys", "//v1/keys"})
  void howAPathIsWrittenMakesNoKeySmaller(String path) {
    assertThat(call("GET", path, counting(Role.OPERATOR)).status()).isIn(400, 403, 404);
  }

  @Test
  void aWaitGoesOnAsWhoBeganIt() {
    String key = counting(Role.SUBMITTER);
    Answer job = call("POST", "/v1/jobs", key, "{\"type\":\"echo\",\"payload\":1}");
    assertThat(job.status()).as(job.text()).isEqualTo(202);

    Answer answer = call("GET", "/v1/jobs/" + job.string("id") + "/result?wait=50ms", key);

    assertThat(answer.status()).isEqualTo(202);
  }

  @Test
  void whatSomebodyChangesBearsTheirName() {
    String key = counting(Role.OPERATOR);

    Answer paused = call("POST", "/v1/queues/named/pause", key);

    assertThat(paused.text()).contains("key:" + key.substring(3, 19));
  }

  @Test
  void idempotencyKeysOfAccountsAreApart() {
    String first = posted(counting(Role.SUBMITTER));
    String second = posted(counting(Role.SUBMITTER));
    assertThat(second).isNotEqualTo(first);

    String again = counting(Role.SUBMITTER);
    assertThat(posted(again)).isEqualTo(posted(again));
  }

  @Test
  void whoWasRefusedIsCountedByReason() {
    String expired = expired();
    String viewer = counting(Role.VIEWER);
    Map<String, Integer> refused = ((WithKeys) api).refused;
    refused.clear();

    http.get("/v1/jobs");
    call("GET", "/v1/jobs", "garbage");
    call("GET", "/v1/jobs", "qq_0123456789abcdef_" + "A".repeat(43));
    call("GET", "/v1/jobs", viewer.substring(0, viewer.length() - 4) + "AAAA");
    call("GET", "/v1/jobs", expired);
    call("GET", "/v1/keys", viewer);
    call("GET", "/v1/jobs", viewer);

    assertThat(refused)
        .isEqualTo(
            Map.of(
                "no_key", 1,
                "malformed", 1,
                "unknown_or_revoked", 1,
                "wrong_secret", 1,
                "expired", 1,
                "role", 1));
  }

  private String posted(String key) {
    return http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":1}",
            "authorization",
            "Bearer " + key,
            "idempotency-key",
            "the-same")
        .string("id");
  }
}
