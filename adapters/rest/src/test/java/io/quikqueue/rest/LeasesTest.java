package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.rest.Http.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases over HTTP. Each test has a queue of its own. */
class LeasesTest extends ApiTest {

  private static int queues;

  private final String queue = "leases-" + ++queues;

  @Test
  void aJobIsLeasedAndCompleted() {
    String id = readied(",\"labels\":{\"a\":\"b\"},\"timeout\":\"20s\"");

    Answer answer = http.post(path(), "{\"worker\":\"py-1\",\"types\":[\"echo\"],\"max\":5}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    JsonNode lease = answer.json().path("leases").path(0);
    assertThat(answer.json().path("leases")).hasSize(1);
    assertThat(lease.path("job_id").textValue()).isEqualTo(id);
    assertThat(lease.path("attempt").intValue()).isOne();
    assertThat(lease.path("type").textValue()).isEqualTo("echo");
    assertThat(lease.path("queue").textValue()).isEqualTo(queue);
    assertThat(lease.path("payload").intValue()).isOne();
    assertThat(lease.at("/labels/a").textValue()).isEqualTo("b");
    assertThat(lease.path("timeout").textValue()).isEqualTo("20s");
    assertThat(lease.path("expires_at").textValue()).endsWith("Z");
    assertThat(http.get("/v1/jobs/" + id).string("state")).isEqualTo("RUNNING");

    Answer beat = report(lease, "heartbeat", "");
    assertThat(beat.status()).as(beat.text()).isEqualTo(200);
    assertThat(beat.json().path("stop").isNull()).isTrue();
    assertThat(beat.json().path("expires_at").isTextual()).isTrue();

    String body = "{\"result\":{\"n\": [1, 2]},\"note\":\"fine\"}";
    for (int i = 0; i < 2; i++) { // as when the first answer was not heard
      Answer done = report(lease, "complete", body);
      assertThat(done.status()).as(done.text()).isEqualTo(200);
      assertThat(done.string("state")).isEqualTo("DONE");
      assertThat(done.string("job_id")).isEqualTo(id);
    }
    assertThat(http.get("/v1/jobs/" + id + "/result").text()).isEqualTo("{\"n\": [1, 2]}");
    assertThat(http.get("/v1/jobs/" + id).string("note")).isEqualTo("fine");
    assertThat(http.get("/v1/jobs/" + id).json().at("/attempts/0/worker").textValue())
        .isEqualTo("pull:py-1");
  }

  @Test
  void aFailureIsKeptWithTheAttempt() {
    String id = readied("");
    Answer failed =
        report(
            leased(),
            "fail",
            "{\"message\":\"no luck\",\"class\":\"ValueError\",\"trace\":\"line 1\\nline 2\"}");

    assertThat(failed.string("state")).isEqualTo("RETRYING");
    JsonNode attempt = http.get("/v1/jobs/" + id).json().at("/attempts/0");
    assertThat(attempt.path("error").textValue()).isEqualTo("no luck");
    assertThat(attempt.path("error_class").textValue()).isEqualTo("ValueError");
    assertThat(attempt.path("trace").textValue()).isEqualTo("line 1\nline 2");
  }

  @Test
  void aPermanentFailureEndsTheJobAndAReleaseDoesNot() {
    readied("");
    assertThat(
            report(leased(), "fail", "{\"message\":\"never\",\"permanent\":true}").string("state"))
        .isEqualTo("FAILED");
    String id = readied("");
    assertThat(report(leased(), "release", "").string("state")).isEqualTo("QUEUED");
    assertThat(leased().path("job_id").textValue()).isEqualTo(id);
  }

  @Test
  void aLeaseThatIsOverIsAConflictAndStopsAHeartbeat() {
    String id = readied("");
    JsonNode lease = leased();
    http.post("/v1/jobs/" + id + "/cancel", "");

    Answer beat = report(lease, "heartbeat", "{}");
    assertThat(beat.status()).isEqualTo(200);
    assertThat(beat.string("stop")).isEqualTo("cancelled");
    assertThat(beat.json().path("expires_at").isNull()).isTrue();
    for (String action : new String[] {"complete", "release"}) {
      JsonNode problem = assertProblem(report(lease, action, ""), 409, "lease-over");
      assertThat(problem.path("stop").textValue()).isEqualTo("cancelled");
    }
    assertProblem(report(lease, "fail", "{\"message\":\"x\"}"), 409, "lease-over");
    assertProblem(report(lease, "log", "{\"lines\":[\"x\"]}"), 409, "lease-over");
    assertProblem(report(lease, "progress", "{\"percent\":1}"), 409, "lease-over");
  }

  @Test
  void progressIsShownWhileTheJobRuns() {
    String id = readied("");
    JsonNode lease = leased();

    assertThat(report(lease, "log", "{\"lines\":[\"a\",\"b\\nc\"]}").status()).isEqualTo(200);
    assertThat(http.get("/v1/jobs/" + id + "/logs").json().findValuesAsText("text"))
        .containsExactly("a", "b\nc");
    assertThat(report(lease, "progress", "{\"percent\":40,\"message\":\"4 of 10\"}").status())
        .isEqualTo(200);

    await()
        .until(
            () -> {
              var _ = api.leases.supervise();
              return http.get("/v1/jobs/" + id).json().at("/progress/percent").intValue() == 40;
            });
    assertThat(http.get("/v1/workers").json().path("workers").findValuesAsText("id"))
        .contains("pull:w");
  }

  @Test
  void aRequestWaitsForTheFirstJob() {
    List<CompletableFuture<Answer>> waiting =
        IntStream.range(0, 20)
            .mapToObj(i -> later("{\"worker\":\"w-" + i + "\",\"wait\":\"90s\"}"))
            .toList();
    await().until(() -> api.rest.waiting() > 0);

    List<String> ids = IntStream.range(0, 20).mapToObj(_ -> readied("")).toList();

    List<String> leased = new ArrayList<>();
    for (CompletableFuture<Answer> each : waiting) {
      Answer answer = each.join();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      answer.json().path("leases").forEach(lease -> leased.add(lease.path("job_id").textValue()));
    }
    assertThat(leased).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(api.rest.waiting()).isZero();
  }

  @Test
  void aWaitGoesOnWhileThereAreJobsOfOtherTypesOnly() {
    String other = readied("");
    CompletableFuture<Answer> waiting =
        later("{\"worker\":\"w\",\"types\":[\"http\"],\"wait\":\"90s\"}");
    await().until(() -> api.rest.waiting() > 0);

    String wanted =
        http.post("/v1/jobs", "{\"type\":\"http\",\"payload\":{},\"queue\":\"" + queue + "\"}")
            .string("id");
    api.ready(wanted);

    assertThat(waiting.join().json().at("/leases/0/job_id").textValue()).isEqualTo(wanted);
    assertThat(leased().path("job_id").textValue()).isEqualTo(other);
  }

  @Test
  void aRequestWithoutAWaitIsAnsweredAtOnceAndOneWithAWaitWhenItIsOver() {
    for (String wait : new String[] {"", ",\"wait\":\"100ms\"", ",\"wait\":\"0s\""}) {
      Answer answer = http.post(path(), "{\"worker\":\"w\"" + wait + "}");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("{\"leases\":[]}");
    }
  }

  @Test
  void aClientThatGoesWhileItWaitsGetsNoJob() {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            .formatted(path());
    String body = "{\"worker\":\"gone\",\"wait\":\"90s\"}";
    try (Sockets sockets = new Sockets(APP.getLocalPort())) {
      sockets.send(head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
      await().until(() -> api.rest.waiting() == 1);
    }
    await().until(() -> api.rest.waiting() == 0);

    String id = readied("");

    assertThat(leased().path("job_id").textValue()).isEqualTo(id);
  }

  @Test
  void manyReportsAreAnsweredInOrder() {
    List<String> ids = IntStream.range(0, 3).mapToObj(_ -> readied("")).toList();
    JsonNode leases = http.post(path(), "{\"worker\":\"w\",\"max\":3}").json().path("leases");
    assertThat(leases).hasSize(3);
    String one = leases.at("/0/id").textValue();
    String two = leases.at("/1/id").textValue();
    String three = leases.at("/2/id").textValue();

    Answer answer =
        http.post(
            "/v1/leases/batch",
            """
            [{"action":"complete","result":{"a":1},"id":"%s"},
             {"id":"%s","action":"fail","message":"no","permanent":true},
             {"id":"%s","action":"heartbeat"},
             {"id":"%s","action":"complete"},
             {"id":"%s","action":"complete","message":"x"},
             {"id":"%s","action":"explode"},
             {"id":"none","action":"release"},
             {"id":"%s","action":"fail"},
             7]
            """
                .formatted(one, two, three, two, three, three, three));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode items = answer.json().path("items");
    assertThat(items).hasSize(9);
    assertThat(items.at("/0/state").textValue()).isEqualTo("DONE");
    assertThat(items.at("/1/state").textValue()).isEqualTo("FAILED");
    assertThat(items.at("/2/stop").isNull()).isTrue();
    assertThat(items.at("/3/error/status").intValue()).isEqualTo(409);
    assertThat(IntStream.range(4, 9).mapToObj(i -> items.path(i).at("/error/field").textValue()))
        .containsExactly("message", "action", "id", "message", "body");
    assertThat(state(ids.get(2))).isEqualTo(JobState.RUNNING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker  | {}",
        "worker  | {\"worker\":null}",
        "worker  | {\"worker\":\"\"}",
        "worker  | {\"worker\":\"a b\"}",
        "worker  | {\"worker\":\"a@b\"}",
        "worker  | {\"worker\":7}",
        "max     | {\"worker\":\"w\",\"max\":0}",
        "max     | {\"worker\":\"w\",\"max\":501}",
        "max     | {\"worker\":\"w\",\"max\":\"1\"}",
        "max     | {\"worker\":\"w\",\"max\":99999999999}",
        "wait    | {\"worker\":\"w\",\"wait\":\"91s\"}",
        "wait    | {\"worker\":\"w\",\"wait\":\"-PT1S\"}",
        "wait    | {\"worker\":\"w\",\"wait\":1}",
        "lease   | {\"worker\":\"w\",\"lease\":\"4999ms\"}",
        "lease   | {\"worker\":\"w\",\"lease\":\"61m\"}",
        "types   | {\"worker\":\"w\",\"types\":\"echo\"}",
        "types   | {\"worker\":\"w\",\"types\":[1]}",
        "types   | {\"worker\":\"w\",\"types\":[\"a b\"]}",
        "types   | {\"worker\":\"w\",\"types\":[[[\"a\"]]]}",
        "queue   | {\"worker\":\"w\",\"queue\":\"default\"}",
        "body    | []",
      })
  void aLeaseThatCannotBeIsRefusedByItsField(String field, String json) {
    Answer answer = http.post(path(), json);

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.string("field")).isEqualTo(field);
  }

  @Test
  void manyTypesAreRefused() {
    String types =
        IntStream.range(0, 101).mapToObj(i -> "\"t" + i + '"').collect(Collectors.joining(","));

    assertFieldProblem(
        http.post(path(), "{\"worker\":\"w\",\"types\":[" + types + "]}"),
        422,
        "invalid-value",
        "types");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "complete  | message | {\"message\":\"x\"}",
        "complete  | note    | {\"note\":1}",
        "complete  | id      | {\"id\":\"x\"}",
        "complete  | action  | {\"action\":\"fail\"}",
        "heartbeat | result  | {\"result\":1}",
        "release   | result  | {\"result\":1}",
        "fail      | message | {}",
        "fail      | message | {\"message\":null}",
        "fail      | permanent | {\"message\":\"x\",\"permanent\":\"yes\"}",
        "fail      | class   | {\"message\":\"x\",\"class\":{}}",
        "fail      | trace   | {\"message\":\"x\",\"trace\":[1,[2]]}",
        "log       | lines   | {}",
        "log       | lines   | {\"lines\":\"a\"}",
        "log       | lines   | {\"lines\":[1]}",
        "progress  | percent | {}",
        "progress  | percent | {\"percent\":101}",
        "progress  | percent | {\"percent\":-1}",
        "progress  | percent | {\"percent\":1.5}",
      })
  void aReportThatCannotBeIsRefusedByItsField(String action, String field, String json) {
    String id = readied("");
    JsonNode lease = leased();

    Answer answer = report(lease, action, json);

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.string("field")).isEqualTo(field);
    assertThat(state(id)).isEqualTo(JobState.RUNNING);
  }

  @Test
  void longTextsAreBounded() {
    String id = readied("");
    JsonNode lease = leased();
    String lines = IntStream.range(0, 1001).mapToObj(_ -> "\"a\"").collect(Collectors.joining(","));
    assertFieldProblem(
        report(lease, "log", "{\"lines\":[" + lines + "]}"), 422, "invalid-value", "lines");
    assertFieldProblem(
        report(lease, "complete", "{\"note\":\"" + "x".repeat(2001) + "\"}"),
        422,
        "invalid-value",
        "note");
    String large = '"' + "x".repeat(ApiUnderTest.MAX_RESULT - 1) + '"';
    assertFieldProblem(
        report(lease, "complete", "{\"result\":" + large + "}"), 422, "invalid-value", "result");
    assertProblem(
        report(lease, "complete", "{\"result\":\"" + "x".repeat(ApiUnderTest.MAX_BODY) + "\"}"),
        413,
        "body-too-large");
    assertThat(state(id)).isEqualTo(JobState.RUNNING);

    String trace = "{\"message\":\"m\",\"trace\":\"" + "t".repeat(9000) + "\"}";
    assertThat(report(lease, "fail", trace).status()).isEqualTo(200);
    assertThat(http.get("/v1/jobs/" + id).json().at("/attempts/0/trace").textValue()).hasSize(8192);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "%20", "AQ", "0193512d-8c3e-7a4b-9f10-2b6f3c1d5e70"})
  void whatIsNoLeaseIsRefused(String id) {
    assertFieldProblem(
        http.post("/v1/leases/" + id + "/complete", "{}"), 400, "invalid-parameter", "id");
  }

  @Test
  void aLeaseOfAJobThatIsNotThereIsUnknown() {
    readied("");
    JsonNode lease = leased();
    report(lease, "complete", "{}");
    http.delete("/v1/queues/" + queue + "/jobs");

    assertProblem(report(lease, "complete", "{}"), 404, "unknown-lease");
    assertProblem(report(lease, "heartbeat", ""), 404, "unknown-lease");
  }

  @Test
  void aWorkerThatHoldsAsManyJobsAsItMayIsToldSo() {
    for (int i = 0; i < ApiUnderTest.MAX_LEASES + 1; i++) {
      readied("");
    }
    Answer all = http.post(path(), "{\"worker\":\"greedy\",\"max\":500}");
    assertThat(all.json().path("leases")).hasSize(ApiUnderTest.MAX_LEASES);

    Answer more = http.post(path(), "{\"worker\":\"greedy\",\"max\":1,\"wait\":\"90s\"}");

    assertProblem(more, 429, "too-many-leases");
    assertThat(more.header("retry-after")).isEqualTo("1");
    assertThat(more.string("detail")).contains("100 jobs").contains("rest.maxLeases");
    all.json().path("leases").forEach(lease -> report(lease, "release", ""));
  }

  @Test
  void otherMethodsQueriesAndQueuesAreRefused() {
    assertProblem(http.get(path()), 405, "method-not-allowed");
    assertThat(http.post(path() + "?wait=1s", "{\"worker\":\"w\"}").status()).isEqualTo(400);
    assertFieldProblem(
        http.post("/v1/queues/A%20B/lease", "{\"worker\":\"w\"}"),
        400,
        "invalid-parameter",
        "queue");
    assertProblem(http.post("/v1/leases/batch", "{}"), 400, "malformed-json");
  }

  @Test
  void nothingIsTakenWhileTheStoreIsAway() {
    String id = readied("");
    leaseNothing();
    api.store.before(
        () -> {
          throw new UnavailableException("store", "it is away");
        });
    assertProblem(http.post(path(), "{\"worker\":\"w\"}"), 503, "unavailable");

    api.store.heal();

    assertThat(leased().path("job_id").textValue()).isEqualTo(id);
  }

  private CompletableFuture<Answer> later(String json) {
    return CompletableFuture.supplyAsync(() -> http.post(path(), json), Thread::startVirtualThread);
  }

  private void leaseNothing() {
    http.post("/v1/queues/" + queue + "-none/lease", "{\"worker\":\"w\"}");
  }

  private JobState state(String id) {
    return JobState.valueOf(http.get("/v1/jobs/" + id).string("state"));
  }

  private String path() {
    return "/v1/queues/" + queue + "/lease";
  }

  private String readied(String fields) {
    String id = submitted(",\"queue\":\"" + queue + "\"" + fields);
    api.ready(id);
    return id;
  }

  private JsonNode leased() {
    Answer answer = http.post(path(), "{\"worker\":\"w\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("leases")).as(answer.text()).hasSize(1);
    return answer.json().path("leases").path(0);
  }

  private Answer report(JsonNode lease, String action, String json) {
    return http.post("/v1/leases/" + lease.path("id").textValue() + "/" + action, json);
  }
}
