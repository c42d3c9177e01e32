package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What limits and groups mean, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class GroupLimits {

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Deployment system;
  private final Http http;
  private final QuikQueueClient client;
  private final Effects effects;

  /** A queue, and effects, that belong to this test alone. */
  private final String mine = "l" + UUID.randomUUID().toString().substring(0, 13);

  GroupLimits(Deployment system, Effects effects) {
    this.system = system;
    this.http = system.http();
    this.client = system.client();
    this.effects = effects;
  }

  @Test
  void noMoreJobsOfAQueueAndOfAGroupRunAtOnceThanTheirLimits() {
    limit("{\"concurrency\": 4, \"concurrency_per_group\": 1}", "group_limit");
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      for (String group : List.of("a", "b", "c", "d", "e")) {
        ids.add(client.submit(effects.counted(mine, group).queue(mine)));
      }
    }
    ids.forEach(id -> assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE));

    assertThat(effects.mostAtOnce(mine)).isBetween(1, 4);
    for (String group : List.of("a", "b", "c", "d", "e")) {
      assertThat(effects.of(mine + "/" + group)).hasSize(8);
      assertThat(effects.mostAtOnce(mine + "/" + group)).as(group).isOne();
    }
  }

  @Test
  void aJobThatWaitsForALimitSaysSoAndStartsWhenItIsRaised() {
    limit("{\"concurrency_per_group\": 1}", "group_limit");
    UUID first = submit(effects.held(mine).group("a b"));
    await().atMost(SOON).until(() -> effects.of(mine).size() == 1);
    UUID second = submit(effects.held(mine).group("a b"));
    await().atMost(SOON).until(() -> "group_limit".equals(heldBy(second)));

    JsonNode job = http.get("/v1/jobs/" + second).json();
    assertThat(job.path("waiting_for").textValue())
        .isEqualTo("group \"a b\" runs 1 of 1 jobs at once");
    assertThat(job.path("waiting").toString())
        .contains("\"code\":\"group_limit\",\"passed\":false,\"value\":\"1\",\"limit\":1");

    put("{\"concurrency_per_group\": 2}");
    await().atMost(SOON).until(() -> effects.of(mine).size() == 2);
    effects.release(mine);
    for (UUID id : List.of(first, second)) {
      assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void aReadyJobSaysHowManyOfItsGroupComeBeforeIt() {
    limit("{\"concurrency_per_group\": 1}", "group_limit");
    UUID first = submit(effects.held(mine).group("a"));
    await().atMost(SOON).until(() -> effects.of(mine).size() == 1);
    List<UUID> ids = new ArrayList<>(List.of(first));
    for (int i = 0; i < 3; i++) {
      ids.add(submit(effects.job(mine + "-other").group("a")));
    }
    UUID last = ids.getLast();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(http.get("/v1/jobs/" + last).json().path("waiting").toString())
                    .contains("\"code\":\"position\",\"passed\":false,\"value\":\"2\""));

    effects.release(mine);
    ids.forEach(id -> assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE));
  }

  @Test
  void aGroupWithMuchWorkDelaysAnotherByARoundAtMost() {
    limit("{\"concurrency\": 1}", "queue_limit");
    UUID first = submit(effects.held(mine + "-first"));
    await().atMost(SOON).until(() -> effects.of(mine + "-first").size() == 1);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ids.add(submit(effects.job(mine).group("a")));
    }
    for (int i = 0; i < 3; i++) {
      ids.add(submit(effects.job(mine).group("b")));
    }
    await().atMost(SOON).until(() -> "queue_limit".equals(heldBy(ids.getLast())));
    await("all are dispatched")
        .atMost(SOON)
        .until(
            () ->
                system.metrics("consumer").sum("quikqueue_ready_jobs", "queue=\"" + mine + "\"")
                    >= ids.size());
    effects.release(mine + "-first");
    assertThat(client.await(first, SOON).state()).isEqualTo(State.DONE);
    ids.forEach(id -> assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE));

    List<String> order = effects.of(mine).stream().map(Effects.Call::job).toList();
    for (UUID ofB : ids.subList(30, 33)) {
      assertThat(order.indexOf(ofB.toString())).isLessThan(8);
    }
  }

  @Test
  void aBlockedGroupWithMoreJobsThanItsWindowLetsOthersGoOnAndLosesNone() {
    limit("{\"concurrency_per_group\": 1}", "group_limit");
    UUID first = submit(effects.held(mine + "-first").group("a"));
    await().atMost(SOON).until(() -> effects.of(mine + "-first").size() == 1);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      ids.add(submit(effects.job(mine).group("a")));
    }

    UUID other = submit(effects.job(mine + "-other").group("b"));
    assertThat(client.await(other, SOON).state()).isEqualTo(State.DONE);
    await().atMost(SOON).until(() -> "group_limit".equals(heldBy(ids.getLast())));
    client.cancel(ids.getLast());
    effects.release(mine + "-first");

    assertThat(client.await(first, SOON).state()).isEqualTo(State.DONE);
    assertThat(client.await(ids.getLast(), SOON).state()).isEqualTo(State.CANCELLED);
    for (UUID id : ids.subList(0, 149)) {
      assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    }
    assertThat(effects.of(mine).stream().map(Effects.Call::job))
        .containsExactlyInAnyOrderElementsOf(
            ids.subList(0, 149).stream().map(UUID::toString).toList());
  }

  @Test
  void aRateStartsNoMoreJobsThanItHasTokensFor() {
    limit("{\"rate\": {\"n\": 1, \"per\": \"1h\", \"burst\": 2}}", "rate");
    UUID waiting = submit(effects.job(mine));

    await().atMost(SOON).until(() -> "rate".equals(heldBy(waiting)));
    assertThat(http.get("/v1/jobs/" + waiting).string("waiting_for")).contains("in 3");
    assertThat(effects.of(mine)).isEmpty();

    assertThat(http.send("DELETE", limits(), BodyPublishers.noBody()).status()).isEqualTo(204);
    assertThat(client.await(waiting, SOON).state()).isEqualTo(State.DONE);
  }

  @Test
  void moreJobsOfAGroupThanMayWaitAreRefusedWithTheFiguresUntilOneHasEnded() {
    put("{\"max_waiting_per_group\": 2}");
    Deque<String> accepted = new ArrayDeque<>();
    Http.Answer refused =
        await()
            .atMost(SOON)
            .until(() -> noteAccepted(later("a b"), accepted), answer -> answer.status() == 429);

    JsonNode problem = refused.json();
    assertThat(problem.path("queue").textValue()).isEqualTo(mine);
    assertThat(problem.path("group").textValue()).isEqualTo("a b");
    assertThat(problem.path("waiting").intValue()).isEqualTo(2);
    assertThat(problem.path("max_waiting_per_group").intValue()).isEqualTo(2);
    assertThat(later("other").status()).isEqualTo(202);
    client.cancel(UUID.fromString(accepted.getLast()));
    assertThat(later("a b").status()).isEqualTo(202);
    assertThat(later("a b").status()).isEqualTo(429);
  }

  @Test
  void aJobMoreThanMayWaitIsDroppedWithItsCauseWhereTheLimitsSaySo() {
    put("{\"max_waiting\": 1, \"on_limit\": \"drop_new\"}");
    String dropped =
        await()
            .atMost(SOON)
            .until(() -> later("a"), answer -> "CANCELLED".equals(answer.string("state")))
            .string("id");

    assertThat(http.get("/v1/jobs/" + dropped).string("note"))
        .startsWith("cancelled: queue \"" + mine + "\" had ");
    assertThat(client.find(UUID.fromString(dropped)).orElseThrow().state())
        .isEqualTo(State.CANCELLED);
  }

  @Test
  void theOldestThatWaitMakeRoomWhereTheLimitsSaySo() {
    put("{\"max_waiting_per_group\": 1, \"on_limit\": \"cancel_oldest\"}");
    List<UUID> ids = new ArrayList<>();
    await()
        .atMost(SOON)
        .until(
            () -> {
              ids.add(UUID.fromString(later("a").string("id")));
              return ids.stream().anyMatch(id -> stateOf(id) == State.CANCELLED);
            });
    UUID other = UUID.fromString(later("other").string("id"));

    UUID newest = UUID.fromString(later("a").string("id"));

    assertThat(stateOf(ids.getLast())).isEqualTo(State.CANCELLED);
    assertThat(http.get("/v1/jobs/" + ids.getLast()).string("note"))
        .startsWith("cancelled: a newer job took its place, since in group \"a\" in queue ");
    assertThat(List.of(stateOf(newest), stateOf(other))).containsOnly(State.SCHEDULED);
  }

  private State stateOf(UUID id) {
    return client.find(id).orElseThrow().state();
  }

  private static Http.Answer noteAccepted(Http.Answer answer, Deque<String> accepted) {
    if (answer.status() == 202) {
      accepted.add(answer.string("id"));
    }
    return answer;
  }

  private Http.Answer later(String group) {
    return http.post(
        "/v1/jobs",
        "{\"type\":\"echo\",\"payload\":1,\"delay\":\"24h\",\"queue\":\""
            + mine
            + "\",\"group\":\""
            + group
            + "\"}");
  }

  @Test
  void aPausedGroupStartsNothingUntilItIsResumedAndOthersGoOn() {
    String group = "a b/c %20 ✂";
    String body = "{\"group\":\"" + group + "\"";
    String path = "/v1/queues/" + mine + "/groups/";
    assertThat(http.post(path + "pause", body + ",\"note\":\"a trial\"}").status()).isEqualTo(200);
    UUID held =
        HeldBack.job(
            system,
            mine,
            () -> submit(effects.job(mine).group(group)),
            () -> submit(effects.job(mine + "-other")));

    JsonNode job = http.get("/v1/jobs/" + held).json();
    assertThat(job.path("state").textValue()).isEqualTo("QUEUED");
    assertThat(heldBy(held)).isEqualTo("group_paused");
    assertThat(job.path("waiting_for").textValue())
        .startsWith("group \"" + group + "\" of queue \"" + mine + "\" is paused since ")
        .endsWith(": a trial");
    assertThat(http.get("/v1/pauses").text()).contains(mine).contains("a trial");

    assertThat(http.post(path + "resume", body + "}").json().path("was_paused").booleanValue())
        .isTrue();
    assertThat(client.await(held, SOON).state()).isEqualTo(State.DONE);
  }

  @Test
  void aServerThatAsksToWaitIsCalledByNoOtherJobOfTheGroupAndNoAttemptIsUsedUp() {
    UUID first = submit(effects.full(mine).group("asks").maxAttempts(1));
    await().atMost(SOON).until(() -> client.find(first).orElseThrow().state() == State.RETRYING);
    UUID second = submit(effects.full(mine).group("asks"));
    UUID other = submit(effects.job(mine + "-other").group("other"));
    assertThat(client.await(other, SOON).state()).isEqualTo(State.DONE);
    await().atMost(SOON).until(() -> "destination_closed".equals(heldBy(second)));

    JsonNode job = http.get("/v1/jobs/" + second).json();
    assertThat(job.path("state").textValue()).isEqualTo("QUEUED");
    assertThat(job.path("waiting_for").textValue())
        .startsWith("the group \"asks\" asked to wait until ");
    assertThat(effects.of(mine)).hasSize(1);
    assertThat(client.find(first).orElseThrow().json().path("failures").intValue()).isZero();
    List.of(first, second).forEach(id -> http.post("/v1/jobs/" + id + "/cancel", ""));
  }

  @Test
  void aHostThatAsksToWaitIsCalledByNoJobWithoutGroupUntilThen() {
    UUID first = submit(effects.asking(mine + "-asks").maxAttempts(1));
    await().atMost(SOON).until(() -> client.find(first).orElseThrow().state() == State.RETRYING);
    List<UUID> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(submit(effects.asking(mine + "-" + i).maxAttempts(1)));
    }
    assertThat(client.await(submit(effects.job(mine)), SOON).state()).isEqualTo(State.DONE);
    long asked = effects.of(mine + "-asks").getFirst().nanos();
    assertThat(client.await(first, SOON).state()).isEqualTo(State.DONE);

    for (int i = 0; i < 5; i++) {
      String key = mine + "-" + i;
      assertThat(client.await(others.get(i), SOON).state()).isEqualTo(State.DONE);
      assertThat(effects.of(key).getFirst().nanos() - asked)
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2).toNanos());
    }
  }

  /** Sets limits, and waits until they hold jobs back: each trial starts as many as may start. */
  private void limit(String limits, String code) {
    put(limits);
    for (int trial = 0; ; trial++) {
      String key = mine + "-trial-" + trial;
      List<UUID> ids = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ids.add(submit(effects.held(key).group("trial")));
      }
      await()
          .atMost(SOON)
          .until(
              () ->
                  effects.of(key).size() == ids.size()
                      || ids.stream().anyMatch(id -> code.equals(heldBy(id))));
      boolean inForce = ids.stream().anyMatch(id -> code.equals(heldBy(id)));
      ids.forEach(id -> http.post("/v1/jobs/" + id + "/cancel", ""));
      effects.release(key);
      ids.forEach(
          id -> await().atMost(SOON).until(() -> client.find(id).orElseThrow().state().terminal()));
      if (inForce) {
        return;
      }
    }
  }

  /** The first check that the job does not pass; null = it passes all. */
  private String heldBy(UUID id) {
    for (JsonNode check : http.get("/v1/jobs/" + id).json().path("waiting")) {
      if (!check.path("passed").booleanValue()) {
        return check.path("code").textValue();
      }
    }
    return null;
  }

  private UUID submit(NewJob job) {
    return client.submit(job.queue(mine));
  }

  private void put(String limits) {
    assertThat(
            http.send(
                    "PUT",
                    limits(),
                    BodyPublishers.ofString(limits),
                    "content-type",
                    "application/json")
                .status())
        .isBetween(200, 201);
  }

  private String limits() {
    return "/v1/queues/" + mine + "/limits";
  }
}
