package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest extends ApiTest {

  @Test
  void aWorkerSaysWhatItIsAndWhatItIsAskedToBe() {
    beat("w-1", 10, Phase.RUNNING);

    JsonNode before = http.get("/v1/workers/w-1").json();
    assertThat(before.path("state").textValue()).isEqualTo("running");
    assertThat(before.path("wanted_slots").intValue()).isEqualTo(10);
    assertThat(before.path("change").isNull()).isTrue();
    Answer drained = http.post("/v1/workers/w-1/drain", "{\"note\":\"a new disk\"}");
    assertThat(drained.status()).isEqualTo(200);
    assertThat(drained.string("state")).isEqualTo("draining");
    assertThat(http.patch("/v1/workers/w-1", "{\"slots\":3}").status()).isEqualTo(200);

    JsonNode worker = http.get("/v1/workers/w-1").json();
    assertThat(worker.path("slots").intValue()).isEqualTo(10);
    assertThat(worker.path("wanted_slots").intValue()).isEqualTo(3);
    assertThat(worker.at("/change/slots").intValue()).isEqualTo(3);
    assertThat(worker.at("/change/drain").booleanValue()).isTrue();
    assertThat(worker.at("/change/note").textValue()).isEqualTo("a new disk");
    assertThat(worker.at("/change/by").textValue()).isEqualTo("anonymous");
    assertThat(http.get("/v1/workers").json().path("workers")).contains(worker);

    beat("w-1", 3, Phase.DRAINED);
    assertThat(http.get("/v1/workers/w-1").string("state")).isEqualTo("drained");
    assertThat(http.post("/v1/workers/w-1/resume", "").string("state")).isEqualTo("running");
    JsonNode after = http.patch("/v1/workers/w-1", "{\"slots\":null}").json();
    assertThat(after.path("change").isNull()).isTrue();
    api.memory.remove("w-1");
  }

  @Test
  void slotsAreBounded() {
    beat("w-2", 10, Phase.RUNNING);
    for (String good : List.of("0", "1", "10000")) {
      assertThat(http.patch("/v1/workers/w-2", "{\"slots\":" + good + "}").status()).isEqualTo(200);
    }
    for (String bad : List.of("-1", "10001", "99999999999", "1.5", "\"3\"", "true", "[]")) {
      refused(http.patch("/v1/workers/w-2", "{\"slots\":" + bad + "}"), "slots");
    }
    refused(http.patch("/v1/workers/w-2", "{}"), "slots");
    refused(http.patch("/v1/workers/w-2", "{\"slots\":1,\"x\":1}"), "x");
    api.memory.remove("w-2");
  }

  @Test
  void aNoteIsBounded() {
    beat("w-3", 10, Phase.RUNNING);
    String longest = "n".repeat(500);
    assertThat(http.post("/v1/workers/w-3/drain", "{\"note\":\"" + longest + "\"}").status())
        .isEqualTo(200);
    refused(http.post("/v1/workers/w-3/drain", "{\"note\":\"" + longest + "n\"}"), "note");
    assertThat(
            http.send("POST", "/v1/workers/w-3/drain", BodyPublishers.noBody())
                .json()
                .at("/change/note")
                .isNull())
        .isTrue();
    api.memory.remove("w-3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "a/b", "pull:", "%20", "..%2fx", "drain", "'%22%3C", "a%2Fb"})
  void whatIsNoWorkerIsNotThere(String id) {
    for (Answer answer :
        List.of(
            http.get("/v1/workers/" + id),
            http.patch("/v1/workers/" + id, "{\"slots\":1}"),
            http.post("/v1/workers/" + id + "/drain", "{}"),
            http.post("/v1/workers/" + id + "/resume", ""))) {
      assertThat(answer.status()).as(answer.text()).isIn(400, 404);
      assertThat(answer.string("type")).startsWith("urn:quikqueue:problem:");
    }
  }

  @Test
  void anIdMayHaveSlashesAndTheNameOfAVerb() {
    beat("pull:a/drain", 1, Phase.RUNNING);

    assertThat(http.get("/v1/workers/pull:a/drain").string("id")).isEqualTo("pull:a/drain");
    assertThat(http.post("/v1/workers/pull:a/drain", "{}").status()).isEqualTo(404);
    assertThat(http.post("/v1/workers/pull:a/drain/drain", "{}").string("state"))
        .isEqualTo("draining");
    assertThat(http.post("/v1/workers/pull:a/drain/resume", "").string("state"))
        .isEqualTo("running");
    api.memory.remove("pull:a/drain");
  }

  @Test
  void aWorkerThatLeasesIsToldThatItDrains() {
    lease("\"worker\":\"d/1:x\"");
    assertThat(http.post("/v1/workers/pull:d/1:x/drain", "{\"note\":\"n\"}").status())
        .isEqualTo(200);
    api.letChangesTakeEffect();

    Answer answer = lease("\"worker\":\"d/1:x\"");
    assertThat(answer.text()).isEqualTo("{\"leases\":[],\"draining\":true}");
    await()
        .until(
            () -> {
              var _ = api.leases.supervise();
              return "drained".equals(http.get("/v1/workers/pull:d/1:x").string("state"));
            });
    assertThat(http.post("/v1/workers/pull:d/1:x/resume", "").status()).isEqualTo(200);
    api.letChangesTakeEffect();
    assertThat(lease("\"worker\":\"d/1:x\"").text()).isEqualTo("{\"leases\":[]}");
  }

  private static void refused(Answer answer, String field) {
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("field").textValue()).isEqualTo(field);
  }

  private Answer lease(String fields) {
    return http.post("/v1/queues/nothing/lease", "{" + fields + "}");
  }

  private void beat(String id, int slots, Phase phase) {
    api.memory.heartbeat(
        new WorkerInfo(
                id,
                "host",
                7,
                Set.of(),
                Set.of("echo"),
                slots,
                0,
                List.of(),
                api.clock.instant(),
                api.clock.instant())
            .withPhase(phase));
  }
}
