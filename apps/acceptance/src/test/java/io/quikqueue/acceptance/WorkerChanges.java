package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.QuikQueueClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be changed of a worker while it runs, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class WorkerChanges {

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Http http;
  private final QuikQueueClient client;
  private final Effects effects;
  private final String admin;

  /** A queue, effects and a pull worker that belong to this test alone. */
  private final String mine = "w" + UUID.randomUUID().toString().substring(0, 13);

  WorkerChanges(Deployment system, Effects effects, String workerProcess) {
    this.http = system.http();
    this.client = system.client();
    this.effects = effects;
    this.admin = system.admin(workerProcess);
  }

  /** One that another test has killed is shown until it was silent for long. */
  @BeforeEach
  void awaitThatOnlyLivingOnesAreShown() {
    Instant begun = Instant.now();
    if (workers().size() > 1) {
      await().atMost(SOON).until(() -> parts().allMatch(worker -> seen(worker).isAfter(begun)));
    }
  }

  @AfterEach
  void asConfigured() {
    effects.release(mine);
    for (String id : workers()) {
      http.post(path(id) + "/resume", "");
      resize(id, null);
    }
  }

  @Test
  void aWorkerThatDrainsFinishesWhatItRunsAndTakesNothingUntilItIsResumed() {
    UUID runs = client.submit(effects.held(mine).queue(mine));
    await().atMost(SOON).until(() -> effects.of(mine).size() == 1);
    List<String> ids = workers();
    for (String id : ids) {
      Answer drained = http.post(path(id) + "/drain", "{\"note\":\"a new disk\"}");
      assertThat(drained.status()).as(drained.text()).isEqualTo(200);
      assertThat(drained.string("state")).isEqualTo("draining");
    }
    await().atMost(SOON).until(() -> new Http(admin).get("/healthcheck").text().contains("drain"));
    UUID waits = client.submit(effects.job(mine + "-later").queue(mine));
    await()
        .atMost(SOON)
        .until(
            () -> http.get("/v1/jobs/" + waits).string("waiting_for"),
            reason -> reason != null && reason.contains("drain"));
    assertThat(states()).contains("draining");
    JsonNode change = http.get(path(ids.getFirst())).json().path("change");
    assertThat(change.path("note").textValue()).isEqualTo("a new disk");
    assertThat(change.path("by").textValue()).isNotBlank();

    effects.release(mine);
    assertThat(client.await(runs, SOON).state()).isEqualTo(State.DONE);
    await().atMost(SOON).until(() -> states().allMatch("drained"::equals));
    assertThat(effects.of(mine + "-later")).isEmpty();

    ids.forEach(id -> http.post(path(id) + "/resume", ""));
    assertThat(client.await(waits, SOON).state()).isEqualTo(State.DONE);
    assertThat(client.find(waits).orElseThrow().attempt()).isOne();
  }

  @Test
  void theSlotsOfAWorkerChangeWhileItRuns() {
    List<String> ids = workers();
    int before = slotsOf(ids.getFirst());
    ids.forEach(id -> assertThat(resize(id, 1).json().path("wanted_slots").intValue()).isOne());
    await().atMost(SOON).until(() -> ids.stream().allMatch(id -> slotsOf(id) == 1));

    List<UUID> jobs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      jobs.add(client.submit(effects.counted(mine, "any").queue(mine)));
    }
    jobs.forEach(id -> assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE));
    assertThat(effects.mostAtOnce(mine)).isBetween(1, ids.size());

    ids.forEach(id -> resize(id, null));
    await().atMost(SOON).until(() -> ids.stream().allMatch(id -> slotsOf(id) == before));
  }

  @Test
  void aProgramThatLeasesIsToldAtOnceThatItDrainsAndGetsNothing() {
    String request = "{\"worker\":\"%s/1\",\"types\":[\"%s\"],\"wait\":\"%s\"}";
    String lease = "/v1/queues/" + mine + "/lease";
    http.post(lease, request.formatted(mine, mine, "0s"));
    await().atMost(SOON).until(() -> http.get(path("pull:" + mine + "/1")).status() == 200);
    await("it is told at once")
        .atMost(SOON)
        .until(() -> isToldAtOnce(lease, request.formatted(mine, mine, "20s")));
    String job = "{\"type\":\"%s\",\"queue\":\"%s\",\"payload\":1}".formatted(mine, mine);
    await().atMost(SOON).until(() -> http.post("/v1/jobs", job).status() == 202);
    assertThat(http.post(lease, request.formatted(mine, mine, "1s")).json().path("leases"))
        .isEmpty();

    http.post(path("pull:" + mine + "/1") + "/resume", "");
    await()
        .atMost(SOON)
        .until(
            () -> http.post(lease, request.formatted(mine, mine, "1s")).json().at("/leases/0"),
            JsonNode::isObject);
  }

  /** False = it took so long that it may be the end of its wait that it was told. */
  private boolean isToldAtOnce(String lease, String request) {
    String worker = path("pull:" + mine + "/1");
    http.post(worker + "/resume", "");
    await()
        .atMost(SOON)
        .until(
            () ->
                !http.post(lease, request.replace("20s", "0s"))
                    .json()
                    .path("draining")
                    .booleanValue());
    CompletableFuture<Answer> waiting = http.postLater(lease, request);
    long began = System.nanoTime();
    Answer drained = http.post(worker + "/drain", "{}");
    assertThat(drained.status()).as(drained.text()).isEqualTo(200);

    JsonNode told = waiting.join().json();
    if (System.nanoTime() - began > Duration.ofSeconds(15).toNanos()) {
      return false;
    }
    assertThat(told.path("draining").booleanValue()).as(told.toString()).isTrue();
    return true;
  }

  /** The workers that are part of the system. */
  private List<String> workers() {
    return parts().map(worker -> worker.path("id").textValue()).toList();
  }

  private Stream<JsonNode> parts() {
    return all().filter(worker -> worker.path("types").toString().contains("\"http\""));
  }

  private static Instant seen(JsonNode worker) {
    return Instant.parse(worker.path("seen_at").textValue());
  }

  private Stream<String> states() {
    List<String> ids = workers();
    return all()
        .filter(worker -> ids.contains(worker.path("id").textValue()))
        .map(worker -> worker.path("state").textValue());
  }

  private Stream<JsonNode> all() {
    return StreamSupport.stream(
        http.get("/v1/workers").json().path("workers").spliterator(), false);
  }

  private int slotsOf(String id) {
    return http.get(path(id)).json().path("slots").intValue();
  }

  private Answer resize(String id, Integer slots) {
    String body = "{\"slots\":" + slots + "}";
    return http.send(
        "PATCH", path(id), BodyPublishers.ofString(body), "content-type", "application/json");
  }

  private static String path(String id) {
    return "/v1/workers/" + id;
  }
}
