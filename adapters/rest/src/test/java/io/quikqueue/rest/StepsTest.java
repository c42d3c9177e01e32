package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepsTest extends ApiTest {

  private final String queue = "q" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void theHolderOfTheLeaseKeepsAStepOnceAndAllMayReadIt() {
    String id = readied();
    JsonNode lease = leased();

    Answer kept = keep(id, lease, "charge", "{\"receipt\":17}");
    assertThat(kept.status()).as(kept.text()).isEqualTo(200);
    assertThat(kept.string("status")).isEqualTo("done");
    assertThat(keep(id, lease, "charge", "2").json().at("/value/receipt").intValue()).isEqualTo(17);

    JsonNode step = http.get("/v1/jobs/" + id + "/steps").json().at("/steps/0");
    assertThat(step.path("name").textValue()).isEqualTo("charge");
    assertThat(step.path("kind").textValue()).isEqualTo("result");
    assertThat(step.path("status").textValue()).isEqualTo("done");
    assertThat(step.at("/value/receipt").intValue()).isEqualTo(17);
    assertThat(step.path("attempt").intValue()).isEqualTo(1);
  }

  @Test
  void aBatchIsToldOfStepsUntilThatIsAMebibyte() {
    String id = readied();
    JsonNode lease = leased();
    String value = "v".repeat(50_000);
    keep(id, lease, "a", "\"" + value + "\"");
    String of = "{\"id\":\"" + lease.path("id").textValue() + "\",\"action\":";
    String step = of + "\"step\",\"name\":\"a\",\"value\":1},";

    Answer few = http.post("/v1/leases/batch", "[" + step.repeat(4) + of + "\"heartbeat\"}]");
    Answer many = http.post("/v1/leases/batch", "[" + step.repeat(100) + of + "\"heartbeat\"}]");

    assertThat(few.json().path("items")).hasSize(5);
    assertThat(few.json().at("/items/3/value").textValue()).isEqualTo(value);
    JsonNode items = many.json().path("items");
    assertThat(items).hasSize(101);
    // Six times four: after the sixth there is more than a MiB.
    assertThat(items.at("/23/value").textValue()).isEqualTo(value);
    assertThat(items.at("/24/error/status").intValue()).isEqualTo(503);
    assertThat(items.at("/99/error/status").intValue()).isEqualTo(503);
    assertThat(items.at("/100/stop").isNull()).isTrue();
  }

  @Test
  void whoseStepWasNotKeptIsNotComplete() {
    String id = readied();
    JsonNode lease = leased();
    keep(id, lease, "a", "\"" + "v".repeat(50_000) + "\"");
    String of = "{\"id\":\"" + lease.path("id").textValue() + "\",\"action\":";
    String step = of + "\"step\",\"name\":\"a\",\"value\":1},";

    Answer many = http.post("/v1/leases/batch", "[" + step.repeat(30) + of + "\"complete\"}]");

    assertThat(many.json().at("/items/29/error/status").intValue()).isEqualTo(503);
    assertThat(many.json().at("/items/30/error/status").intValue()).isEqualTo(503);
    assertThat(http.get("/v1/jobs/" + id).string("state")).isNotEqualTo("DONE");
  }

  @Test
  void aStaleAttemptIsAConflict() {
    String id = readied();
    JsonNode lease = leased();
    http.post("/v1/jobs/" + id + "/cancel", "");

    assertProblem(keep(id, lease, "charge", "1"), 409, "lease-over");
    assertThat(http.get("/v1/jobs/" + id + "/steps").json().path("steps")).isEmpty();
  }

  @Test
  void aJobSleepsWithoutAFailureAndIsToldWhy() {
    String id = readied();
    Answer asleep = report(leased(), "sleep", "{\"name\":\"nap\",\"for\":\"1h\"}");

    assertThat(asleep.status()).as(asleep.text()).isEqualTo(200);
    assertThat(asleep.string("state")).isEqualTo("SCHEDULED");
    Answer job = http.get("/v1/jobs/" + id);
    assertThat(job.string("state")).isEqualTo("SCHEDULED");
    assertThat(job.string("waiting_for")).startsWith("it sleeps until 2");
    assertThat(job.json().path("failures").intValue()).isZero();
    assertThat(job.json().at("/attempts/0/state").textValue()).isEqualTo("POSTPONED");
    JsonNode step = http.get("/v1/jobs/" + id + "/steps").json().at("/steps/0");
    assertThat(step.path("kind").textValue()).isEqualTo("sleep");
    assertThat(step.path("status").textValue()).isEqualTo("pending");
  }

  @Test
  void aSleepWhoseTimeHasPassedKeepsTheLease() {
    readied();
    JsonNode lease = leased();
    Answer over = report(lease, "sleep", "{\"name\":\"nap\",\"until\":\"2020-01-01T00:00:00Z\"}");

    assertThat(over.string("status")).isEqualTo("done");
    assertThat(report(lease, "complete", "").string("state")).isEqualTo("DONE");
  }

  @Test
  void aSignalWakesTheJobThatWaitsForIt() {
    String id = readied();
    String wait = "{\"name\":\"ok\",\"signal\":\"approve\",\"timeout\":\"1h\"}";
    JsonNode first = leased();
    assertThat(report(first, "wait", wait).string("state")).isEqualTo("SCHEDULED");
    assertThat(report(first, "wait", wait).string("state"))
        .as("the answer was lost")
        .isEqualTo("SCHEDULED");
    assertThat(http.get("/v1/jobs/" + id).string("waiting_for"))
        .startsWith("it waits for signal approve until 2");

    Answer sent = http.post(signals(id), "{\"payload\":{\"by\":\"ann\"}}");
    assertThat(sent.status()).as(sent.text()).isEqualTo(202);
    assertThat(sent.string("state")).isEqualTo("QUEUED");

    Answer come = report(leased(), "wait", wait);
    assertThat(come.string("status")).isEqualTo("done");
    assertThat(come.json().at("/value/by").textValue()).isEqualTo("ann");
  }

  @Test
  void aSecondSleepWhileItSleepsIsRefusedUnlessItIsTheSame() {
    readied();
    JsonNode lease = leased();
    assertThat(report(lease, "sleep", "{\"name\":\"nap\",\"for\":\"1h\"}").status()).isEqualTo(200);

    Answer again = report(lease, "sleep", "{\"name\":\"nap\",\"for\":\"1h\"}");
    assertThat(again.string("state")).as("the answer was lost").isEqualTo("SCHEDULED");
    assertProblem(report(lease, "sleep", "{\"name\":\"b\",\"for\":\"1h\"}"), 409, "lease-over");
    assertProblem(
        report(lease, "wait", "{\"name\":\"nap\",\"signal\":\"go\",\"timeout\":\"1s\"}"),
        409,
        "lease-over");
  }

  @Test
  void aWaitTimesOut() {
    readied();
    Answer late =
        report(leased(), "wait", "{\"name\":\"ok\",\"signal\":\"go\",\"timeout\":\"0s\"}");
    assertThat(late.string("status")).isEqualTo("timed_out");
    assertThat(late.json().path("value").isNull()).isTrue();
  }

  @Test
  void aSignalWithTheSameKeyIsTheSame() {
    String id = submitted("");
    assertThat(signalled(id, "k").path("repeated").booleanValue()).isFalse();
    assertThat(signalled(id, "k").path("repeated").booleanValue()).isTrue();
    assertThat(signalled(id, "other").path("repeated").booleanValue()).isFalse();
    assertThat(http.post(signals(id), "").status()).isEqualTo(202);
  }

  @Test
  void anotherSignalUnderTheSameKeyIsRefused() {
    String id = submitted("");
    signalled(id, "k");
    Answer other = http.post(signals(id), "{\"payload\":2}", "Idempotency-Key", "k");
    assertProblem(other, 422, "idempotency-key-reused");
    assertThat(other.json().path("field").textValue()).isEqualTo("Idempotency-Key");
    String elsewhere = "/v1/jobs/" + id + "/signals/reject";
    assertThat(http.post(elsewhere, "{\"payload\":2}", "Idempotency-Key", "k").status())
        .isEqualTo(202);
    assertThat(http.post(signals(id), "{ \"payload\" : 1 }", "Idempotency-Key", "k").status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {":4", "{", "{\"payload\":", "{} {}", "[1"})
  void aMalformedSignalIsRefusedAlsoUnderAKey(String body) {
    String id = submitted("");

    assertProblem(http.post(signals(id), body), 400, "malformed-json");
    assertProblem(
        http.post(signals(id), body, "Idempotency-Key", "k" + body.length()),
        400,
        "malformed-json");
  }

  @Test
  void aJobThatIsOverTakesNoSignal() {
    String id = submitted("");
    http.post("/v1/jobs/" + id + "/cancel", "");
    assertProblem(http.post(signals(id), "{}"), 409, "state-conflict");
    assertProblem(http.post(signals(UNKNOWN_ID), "{}"), 404, "unknown-job");
    assertProblem(http.get("/v1/jobs/" + UNKNOWN_ID + "/steps"), 404, "unknown-job");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sleep | name    | {\"for\":\"1h\"}",
        "sleep | until   | {\"name\":\"a\"}",
        "sleep | for     | {\"name\":\"a\",\"for\":\"1h\",\"until\":\"2030-01-01T00:00:00Z\"}",
        "sleep | for     | {\"name\":\"a\",\"for\":\"9000h\"}",
        "sleep | until   | {\"name\":\"a\",\"until\":\"2999-01-01T00:00:00Z\"}",
        "sleep | name    | {\"name\":\"a b\",\"for\":\"1h\"}",
        "wait  | signal  | {\"name\":\"a\",\"timeout\":\"1h\"}",
        "wait  | timeout | {\"name\":\"a\",\"signal\":\"s\"}",
        "wait  | signal  | {\"name\":\"a\",\"signal\":\"\",\"timeout\":\"1h\"}",
        "wait  | bogus   | {\"name\":\"a\",\"signal\":\"s\",\"timeout\":\"1h\",\"bogus\":1}"
      })
  void whatCannotBeIsRefusedByItsField(String action, String field, String json) {
    readied();
    JsonNode lease = leased();
    Answer refused = report(lease, action, json);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo(field);
    assertThat(report(lease, "complete", "").string("state")).isEqualTo("DONE");
  }

  @Test
  void aStepThatCannotBeIsRefusedByItsField() {
    String id = readied();
    JsonNode lease = leased();
    String path = "/v1/jobs/" + id + "/steps/a";
    assertThat(put(path, "{\"value\":1}").json().path("field").textValue()).isEqualTo("lease");
    assertThat(put(path, "{\"lease\":\"x\",\"value\":1}").json().path("field").textValue())
        .isEqualTo("lease");
    String other = submitted("");
    assertThat(keep(other, lease, "a", "1").json().path("field").textValue()).isEqualTo("lease");
    assertThat(keep(id, lease, "a%20b", "1").status()).isEqualTo(400);
    assertThat(
            report(lease, "sleep", "{\"name\":\"n\",\"until\":\"2020-01-01T00:00:00Z\"}").status())
        .isEqualTo(200);
    assertThat(keep(id, lease, "n", "1").json().path("field").textValue()).isEqualTo("name");
  }

  private JsonNode signalled(String id, String key) {
    Answer answer = http.post(signals(id), "{\"payload\":1}", "Idempotency-Key", key);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json();
  }

  private static String signals(String id) {
    return "/v1/jobs/" + id + "/signals/approve";
  }

  private Answer keep(String id, JsonNode lease, String name, String value) {
    String json = "{\"lease\":\"" + lease.path("id").textValue() + "\",\"value\":" + value + "}";
    return put("/v1/jobs/" + id + "/steps/" + name, json);
  }

  private Answer put(String path, String json) {
    return http.send(
        "PUT", path, BodyPublishers.ofString(json), "content-type", "application/json");
  }

  private String readied() {
    String id = submitted(",\"queue\":\"" + queue + "\"");
    api.ready(id);
    return id;
  }

  private JsonNode leased() {
    Answer answer = http.post("/v1/queues/" + queue + "/lease", "{\"worker\":\"steps\"}");
    assertThat(answer.json().path("leases")).as(answer.text()).hasSize(1);
    return answer.json().path("leases").path(0);
  }

  private Answer report(JsonNode lease, String action, String json) {
    return http.post("/v1/leases/" + lease.path("id").textValue() + "/" + action, json);
  }
}
