package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.DropwizardTestSupport;
import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import io.quikqueue.rest.Http.Answer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What requests leave in the audit log, whatever serves them. */
@Timeout(600)
class AuditGateTest extends RunningApi {

  private static final String ADMIN_KEY = "the-key-of-the-configuration-is-long";
  private static final String PASSWORD = "correct horse battery";

  /**
   * What may change something and is no record of its own. A route belongs here only if what it
   * does is kept elsewhere; why, is said in the document.
   */
  private static final Set<String> UNAUDITED =
      new TreeSet<>(
          Set.of(
              // submits work
              "submitText",
              "add",
              "multiply",
              "sumMultiply",
              "chainTasks",
              "groupTasks",
              "submitJob",
              "submitBatch",
              "submitWorkflow",
              "submitChain",
              "submitGroup",
              "submitChord",
              // is part of an attempt
              "leaseJobs",
              "heartbeatLease",
              "completeLease",
              "failLease",
              "releaseLease",
              "logLease",
              "progressLease",
              "sleepLease",
              "waitLease",
              "reportLeases",
              "keepStep",
              // changes nothing
              "echo",
              // of a session that is in the log
              "refresh",
              "logout"));

  /** Asks for keys or tokens. */
  public static final class WithUsers extends ApiUnderTest {
    @Override
    @Nullable Authenticate authenticate() {
      return new Authenticate(
          apiKeys, clock, System::nanoTime, ADMIN_KEY, Meter.NONE, users.callers());
    }
  }

  AuditGateTest() {
    super(WithUsers.class);
  }

  private Answer call(String method, String path, @Nullable String key, String body) {
    return key == null
        ? http.send(method, path, BodyPublishers.ofString(body), "content-type", "application/json")
        : http.send(
            method,
            path,
            BodyPublishers.ofString(body),
            "content-type",
            "application/json",
            "authorization",
            "Bearer " + key);
  }

  private Answer call(String method, String path, String body) {
    return call(method, path, ADMIN_KEY, body);
  }

  /** Newest first, with all that is known by now. */
  private List<AuditRecord> records() {
    api.audit.trail().writeAll();
    return api.auditLog.list(AuditLog.Query.all(null, 1000));
  }

  /** The newest, which is of this action and has its outcome. */
  private AuditRecord newest(String action) {
    await().until(() -> records().getFirst().status() != null); // the answer is sent before
    assertThat(records().getFirst().action()).isEqualTo(action);
    return records().getFirst();
  }

  private Map<String, JsonNode> operations() {
    return ServedRoutes.operations(http.get("/openapi.json").json());
  }

  @Test
  void whatMayChangeSomethingIsAuditedOrInAShortList() {
    Set<String> unaudited = new TreeSet<>();
    operations()
        .forEach(
            (route, operation) -> {
              if (operation.has("x-unaudited")) {
                assertThat(operation.path("x-unaudited").asText()).as(route).hasSizeGreaterThan(10);
                unaudited.add(operation.path("operationId").asText());
              }
            });

    assertThat(unaudited).isEqualTo(UNAUDITED);
  }

  @Test
  void eachRequestOfSuchARouteIsARecord() {
    for (Map.Entry<String, JsonNode> each : operations().entrySet()) {
      String[] words = each.getKey().split(" ");
      String action = each.getValue().path("operationId").asText();
      boolean isRecord =
          AuditRule.changes(words[0].toUpperCase(Locale.ROOT))
              && !UNAUDITED.contains(action)
              && !each.getValue().path("security").isEmpty();
      int before = records().size();

      Answer answer = call(words[0].toUpperCase(Locale.ROOT), FrontDoorTest.path(words[1]), "{}");

      assertThat(records()).as(each.getKey()).hasSize(before + (isRecord ? 1 : 0));
      if (isRecord) {
        AuditRecord record = newest(action);
        assertThat(record.status()).as(each.getKey()).isEqualTo(answer.status());
        assertThat(record.caller()).isEqualTo("admin-key");
        assertThat(record.address()).isEqualTo("127.0.0.1");
        assertThat(record.kind())
            .isEqualTo(
                Set.of("job", "workflow").contains(each.getValue().path("x-scope").asText())
                    ? AuditKind.JOB
                    : AuditKind.CHANGE);
      }
    }
  }

  @Test
  void aRecordNamesWhatWasChanged() {
    assertThat(call("POST", "/v1/queues/m%C3%A4ils%20x/pause", "").status()).isEqualTo(422);
    assertThat(newest("pauseQueue").target()).isEqualTo("mäils x");
    call("POST", "/v1/jobs/" + ApiTest.UNKNOWN_ID + "/signals/approve", "{}");
    assertThat(newest("signalJob").target()).isEqualTo(ApiTest.UNKNOWN_ID + "/signals/approve");
    call("POST", "/v1/workers/host/7/drain;a=b/", "");
    assertThat(newest("drainWorker").target()).isEqualTo("host/7");
    Answer made = call("POST", "/v1/keys", "{\"name\":\"t\",\"role\":\"operator\"}");
    assertThat(newest("createKey").target()).isEqualTo(made.string("id"));
    assertThat(newest("createKey").status()).isEqualTo(201);
    call("DELETE", "/v1/keys/" + "x".repeat(500), "");
    assertThat(newest("revokeKey").target()).isEqualTo("x".repeat(AuditRecord.MOST_CHARS));
  }

  @Test
  void whoMayOnlyReadFillsTheLogWithLittle() {
    String key = call("POST", "/v1/keys", "{\"name\":\"t\",\"role\":\"viewer\"}").string("key");
    await().until(() -> call("GET", "/v1/queues", key, "").status() == 200);
    for (int i = 0; i < AuditTrail.MOST_OWN_CHANGES; i++) {
      assertThat(call("POST", "/v1/auth/logout-everywhere", key, "").status()).isEqualTo(409);
    }

    Answer refused = call("POST", "/v1/auth/logout-everywhere", key, "");

    ApiTest.assertProblem(refused, 429, "too-many-changes");
    assertThat(refused.header("retry-after")).isEqualTo("60");
    assertThat(records())
        .filteredOn(each -> each.action().equals("logoutEverywhere"))
        .filteredOn(each -> each.kind() == AuditKind.CHANGE)
        .hasSize(AuditTrail.MOST_OWN_CHANGES);
    assertThat(call("POST", "/v1/queues/mails/pause", "").status()).isEqualTo(200);
  }

  @Test
  void nothingIsChangedThatCannotBeWritten() {
    api.flakyAudit.down();
    Answer refused = call("POST", "/v1/queues/mails/pause", "");
    Answer submitted = call("POST", "/v1/jobs", "{\"type\":\"echo\",\"payload\":1}");
    api.flakyAudit.up();

    ApiTest.assertProblem(refused, 503, "unavailable");
    assertThat(refused.header("retry-after")).isNotEmpty();
    assertThat(submitted.status()).isEqualTo(202);
    assertThat(call("GET", "/v1/pauses", "").text()).doesNotContain("mails");
    assertThat(records()).isEmpty();
  }

  @Test
  void whatIsReadIsNoRecord() {
    call("GET", "/v1/keys", "");
    call("HEAD", "/v1/keys", "");
    call("OPTIONS", "/v1/keys", "");
    call("POST", "/v1/nothing", "");
    call("PUT", "/v1/keys", "");

    assertThat(records()).isEmpty();
  }

  @Test
  void noSpellingOfAPathGetsPastTheLogThoughAccessIsOpen() throws Exception {
    try (OpenApi open = new OpenApi()) {
      for (String path :
          List.of(
              "/v1/queues/mails/%70ause", "/v1//queues/mails/pause", "/v1/%71ueues/mails/pause")) {
        open.http.send("POST", path, BodyPublishers.noBody());
      }

      assertThat(open.http.get("/v1/pauses").text()).doesNotContain("mails");
    }
  }

  @Test
  void changesAreRecordsThoughAccessIsOpen() throws Exception {
    try (OpenApi open = new OpenApi()) {
      open.http.send("POST", "/v1/queues/mails/pause", BodyPublishers.noBody());

      assertThat(open.api.auditLog.list(AuditLog.Query.all(null, 10)))
          .extracting(AuditRecord::action, AuditRecord::caller)
          .containsExactly(tuple("pauseQueue", "anonymous"));
    }
  }

  /** An API that asks nobody for a key. */
  private static final class OpenApi implements AutoCloseable {
    private final DropwizardTestSupport<Configuration> app =
        new DropwizardTestSupport<>(ApiUnderTest.class, ApiUnderTest.configuration());
    private final Http http;
    private final ApiUnderTest api;

    OpenApi() throws Exception {
      app.before();
      http = new Http(app.getLocalPort());
      api = app.getApplication();
    }

    @Override
    public void close() {
      app.after();
    }
  }

  @Test
  void whoIsRefusedIsCounted() {
    String key =
        call("POST", "/v1/keys", "{\"name\":\"t\",\"role\":\"viewer\",\"queues\":[\"a\"]}")
            .string("key");
    await().until(() -> call("GET", "/v1/queues", key, "").status() == 200);
    String id = "key:" + key.substring(3, 19);
    newest("createKey");

    call("POST", "/v1/keys", key, "{}");
    call("POST", "/v1/keys", key, "{}");
    call("GET", "/v1/queues/b", key, "");
    call("GET", "/v1/keys", null, "");
    call("GET", "/v1/keys", "qq_garbage", "");
    call("DELETE", "/v1/keys/x", "qq_garbage", "");

    assertThat(records().subList(0, 4))
        .allMatch(each -> each.kind() == AuditKind.REFUSAL && each.target() == null)
        .extracting(
            each ->
                "%s %s %s %s %d"
                    .formatted(
                        each.caller(),
                        each.action(),
                        each.reason(),
                        each.status(),
                        each.requests()))
        .containsExactly(
            "anonymous authenticate malformed 401 2",
            "anonymous authenticate no_key 401 1",
            id + " findQueue scope 404 1",
            id + " createKey role 403 2");
  }

  @Test
  void signInsAreRecordsAndFailuresAreCounted() {
    Answer made =
        call(
            "POST",
            "/v1/users",
            "{\"name\":\"Ann\",\"email\":\"a@example.com\",\"role\":\"admin\",\"password\":\"%s\"}"
                .formatted(PASSWORD));
    String login = "{\"email\":\"a@example.com\",\"password\":\"%s\"}";

    assertThat(call("POST", "/v1/auth/login", null, login.formatted("wrong horse")).status())
        .isEqualTo(401);
    Answer tokens = call("POST", "/v1/auth/login", null, login.formatted(PASSWORD));
    call("POST", "/v1/auth/refresh", null, "{\"refresh_token\":\"" + "x".repeat(40) + "\"}");
    assertThat(
            call("POST", "/v1/auth/logout-everywhere", tokens.string("access_token"), "").status())
        .isEqualTo(204);

    await().until(() -> records().stream().noneMatch(each -> each.status() == null));
    List<AuditRecord> found = records();
    String user = "user:" + made.string("id");
    assertThat(found)
        .extracting(each -> each.kind() + " " + each.caller() + " " + each.action())
        .containsExactlyInAnyOrder(
            "CHANGE admin-key createUser",
            "SIGN_IN " + user + " login",
            "REFUSAL anonymous login",
            "REFUSAL anonymous refresh",
            "CHANGE " + user + " logoutEverywhere");
    assertThat(found.toString())
        .doesNotContain("horse")
        .doesNotContain("a@example.com")
        .doesNotContain("Ann")
        .doesNotContain(ADMIN_KEY)
        .doesNotContain(tokens.string("access_token"));
  }

  @Test
  void nobodyIsSignedInWhoCannotBeWritten() {
    call(
        "POST",
        "/v1/users",
        "{\"name\":\"Ann\",\"email\":\"a@example.com\",\"role\":\"admin\",\"password\":\"%s\"}"
            .formatted(PASSWORD));
    newest("createUser");
    api.flakyAudit.down();
    Answer refused =
        call(
            "POST",
            "/v1/auth/login",
            null,
            "{\"email\":\"a@example.com\",\"password\":\"%s\"}".formatted(PASSWORD));
    api.flakyAudit.up();

    ApiTest.assertProblem(refused, 503, "unavailable");
    assertThat(refused.text()).doesNotContain("token");
  }

  @Test
  void aRouteWithoutAnActionKeepsTheServiceFromStarting() throws IOException {
    for (String operation :
        List.of(
            "\"post\":{\"security\":[]}",
            "\"delete\":{\"security\":[],\"operationId\":\"\"}",
            "\"put\":{\"security\":[],\"operationId\":\"a b\"}",
            "\"patch\":{\"security\":[],\"operationId\":\"a\",\"x-unaudited\":\" \"}",
            "\"get\":{\"security\":[],\"operationId\":\"a\",\"x-unaudited\":\"it reads\"}")) {
      String document = "{\"info\":{},\"paths\":{\"/v1/new\":{" + operation + "}}}";
      try (JsonParser json = Json.FACTORY.createParser(document)) {
        assertThatThrownBy(() -> RouteRules.of(json))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("/v1/new");
      }
    }
  }

  @Test
  void aHotRouteThatShouldBeInTheLogKeepsTheServiceFromStarting() throws IOException {
    String document =
        "{\"paths\":{\"/submit\":{\"post\":{\"security\":[],\"operationId\":\"submitText\"}}}}";
    HotRoutes hot = ServedRoutes.door(app.getEnvironment()).hotRoutes();
    try (JsonParser json = Json.FACTORY.createParser(document)) {
      RouteRules rules = RouteRules.of(json);
      assertThatThrownBy(() -> new AuditGate(api.audit.trail(), rules, hot))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("post /submit");
    }
  }
}
