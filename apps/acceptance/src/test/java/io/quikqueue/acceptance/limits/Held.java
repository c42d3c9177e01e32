package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Jobs that sleep, one in every slot of a worker, so that all others wait. */
final class Held {

  static final int SLOTS = 100;

  private static final String QUEUE = "hold";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String SLEEPER =
      """
      {"type":"sleep","queue":"hold","priority":0,"timeout":"3600s","payload":{"ms":3000000}}""";

  private final Http http;
  private final List<String> ids = new ArrayList<>();

  private Held(Http http) {
    this.http = http;
  }

  /** Returns when every slot is taken. */
  static Held allSlotsOf(App app) {
    Held held = new Held(app.http());
    held.begin();
    return held;
  }

  private void begin() {
    Http.Answer answer =
        http.post(
            "/v1/jobs/batch", "[" + String.join(",", Collections.nCopies(SLOTS, SLEEPER)) + "]");
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    for (JsonNode item : answer.json().path("items")) {
      ids.add(item.path("id").textValue());
    }
    await("all slots held").atMost(PATIENCE).until(() -> depth("RUNNING") == SLOTS);
  }

  /** Cancels them, wherever they are, all at once: each answers when its handler has stopped. */
  void release() {
    List<CompletableFuture<Http.Answer>> answers =
        ids.stream().map(id -> http.postLater("/v1/jobs/" + id + "/cancel", "")).toList();
    for (CompletableFuture<Http.Answer> each : answers) {
      Http.Answer answer = each.join();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
  }

  private long depth(String state) {
    return http.get("/v1/queues/" + QUEUE).json().at("/jobs/" + state).longValue();
  }
}
