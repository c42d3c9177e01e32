package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.acceptance.Effects.Call;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.NewOperation;
import io.quikqueue.client.QuikQueueClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs that tell of their ends, wherever the service runs. */
@ExtendWith(SharedSystems.class)
abstract class Callbacks {

  private static final int MOST_OF_ONE_HOST = 10;

  /** A call that hangs is given up after 30 s, and another one takes its place. */
  private static final Duration SHORTER_THAN_CALLS = Duration.ofSeconds(10);

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deployment system;
  private final Http http;
  private final QuikQueueClient client;
  private final Effects effects;

  /** A queue and a key that belong to this test alone. */
  private final String mine = "c" + UUID.randomUUID().toString().substring(0, 13);

  Callbacks(Deployment system, Effects effects) {
    this.system = system;
    this.http = system.http();
    this.client = system.client();
    this.effects = effects;
  }

  /** Kills what ends the jobs and tells of them, and starts it again. */
  abstract void killAndStart();

  @AfterEach
  void letGo() {
    effects.release(mine);
    http.post("/v1/queues/callbacks/resume", "");
  }

  @Test
  void whateverEndsAJobTellsOfItOnce() throws Exception {
    NewJob later = calling(NewJob.of("echo", 1)).delay(Duration.ofDays(1));
    UUID done = client.submit(calling(NewJob.of("echo", Map.of("n", 7))));
    UUID failed = client.submit(calling(NewJob.of("fail", Map.of("times", 1, "permanent", true))));
    UUID expired = client.submit(later.deadline(Instant.now().plusMillis(200)));
    UUID cancelled = client.submit(later);
    client.cancel(cancelled);
    UUID inBulk = client.submit(later.queue(mine + "b"));
    client.operations().begin(NewOperation.cancel().queue(mine + "b"));
    UUID pulled = pulled();
    client.submit(NewJob.of("echo", 1).callback(effects.hook(mine), Set.of(State.FAILED)));

    Map<UUID, String> ends =
        Map.of(
            done, "done",
            failed, "failed",
            expired, "expired",
            cancelled, "cancelled",
            inBulk, "cancelled",
            pulled, "done");
    awaitCalls(ends.size());
    for (Call call : effects.of(mine)) {
      JsonNode event = JSON.readTree(call.body());
      UUID about = UUID.fromString(event.at("/data/id").textValue());
      assertThat(event.path("type").textValue()).isEqualTo("job." + ends.get(about));
      assertThat(call.event()).isEqualTo("callback_" + callback(about).path("job_id").textValue());
      assertThat(event.at("/data/result/n").intValue()).isEqualTo(about.equals(done) ? 7 : 0);
    }
    for (UUID id : ends.keySet()) {
      await().atMost(SOON).until(() -> "DONE".equals(callback(id).path("state").textValue()));
    }
    assertThat(effects.of(mine)).hasSize(ends.size());
  }

  @Test
  void aRetryByHandTellsOfItsEndByAnotherEvent() {
    UUID id = client.submit(calling(NewJob.of("fail", Map.of("times", 1, "permanent", true))));
    awaitCalls(1);

    client.retry(id);

    awaitCalls(2);
    assertThat(effects.of(mine)).extracting(Call::event).doesNotHaveDuplicates();
    assertThat(http.get("/v1/jobs?label=callback_of:" + id).json().path("jobs")).hasSize(2);
  }

  @Test
  void aReceiverThatRefusesIsToldAgainOfTheSameEvent() {
    UUID id = client.submit(NewJob.of("echo", 1).callback(effects.busyHook(mine)));

    awaitCalls(2);
    await().atMost(SOON).until(() -> "DONE".equals(callback(id).path("state").textValue()));
    List<Call> calls = effects.of(mine);
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).event()).isEqualTo(calls.get(0).event());
    assertThat(calls.get(1).body()).isEqualTo(calls.get(0).body());
  }

  @Test
  void aReceiverThatHangsHoldsBackNeitherOtherReceiversNorJobs() {
    List<NewJob> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(NewJob.of("echo", i).callback(effects.heldHook(mine)));
    }
    client.submitAll(many);
    await().atMost(SOON).until(() -> effects.of(mine).size() >= MOST_OF_ONE_HOST);

    String others = mine + "-other";
    UUID id =
        client.submit(NewJob.of("echo", 1).queue(mine).callback(effects.otherHostsHook(others)));

    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    await().atMost(SOON).until(() -> effects.of(others).size() == 1);
    List<Call> held = effects.of(mine);
    long begun = held.getFirst().nanos();
    assertThat(held)
        .filteredOn(call -> call.nanos() - begun < SHORTER_THAN_CALLS.toNanos())
        .hasSizeLessThanOrEqualTo(MOST_OF_ONE_HOST);
    effects.release(mine);
    // Those that were given up, if this took long, are called again with the same event.
    await().atMost(SOON).until(() -> told().size() >= 150);
    assertThat(told()).hasSize(150);
  }

  @Test
  void aKillBetweenTheEndAndTheCallLosesNothing() {
    client.await(client.submit(calling(NewJob.of("echo", 0))), SOON);
    awaitCalls(1);
    assertThat(http.post("/v1/queues/callbacks/pause", "{\"note\":\"test\"}").status())
        .isEqualTo(200);
    HeldBack.awaitPauses(system);
    UUID id = client.submit(NewJob.of("echo", 1).callback(effects.hook(mine + "k")).queue(mine));
    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    String event = "callback_" + callback(id).path("job_id").textValue();
    assertThat(callback(id).path("state").textValue()).isEqualTo("QUEUED");

    killAndStart();
    assertThat(effects.of(mine + "k")).isEmpty();
    http.post("/v1/queues/callbacks/resume", "");

    await().atMost(SOON).until(() -> "DONE".equals(callback(id).path("state").textValue()));
    assertThat(effects.of(mine + "k")).extracting(Call::event).containsExactly(event);
  }

  @Test
  void aKillInTheMiddleMakesNoEndWithoutItsEventAndNoneWithTwo() {
    List<NewJob> many = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      many.add(calling(NewJob.of("sleep", Map.of("ms", 20))).queue(mine));
    }
    List<UUID> ids = client.submitAll(many).stream().map(each -> each.id()).toList();
    await().atMost(SOON).until(() -> effects.of(mine).size() >= 20);

    killAndStart();

    Set<String> expected = new HashSet<>();
    for (UUID id : ids) {
      assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
      expected.add("callback_" + callback(id).path("job_id").textValue());
    }
    assertThat(expected).hasSize(ids.size());
    await().atMost(SOON).until(() -> told().size() >= ids.size());
    assertThat(told()).isEqualTo(expected);
  }

  private Set<String> told() {
    Set<String> told = new HashSet<>();
    effects.of(mine).forEach(call -> told.add(call.event()));
    return told;
  }

  private NewJob calling(NewJob job) {
    return job.callback(effects.hook(mine));
  }

  /** A job that a worker outside completes. */
  private UUID pulled() {
    String queue = mine + "p";
    String lease = "{\"worker\":\"%s\",\"types\":[\"%s\"],\"lease\":\"10m\"}".formatted(mine, mine);
    String job =
        "{\"type\":\"%s\",\"queue\":\"%s\",\"payload\":1,\"callback\":{\"url\":\"%s\"}}"
            .formatted(mine, queue, effects.hook(mine));
    String path = "/v1/queues/" + queue + "/lease";
    http.post(path, lease);
    Answer accepted =
        await()
            .atMost(SOON)
            .until(() -> http.post("/v1/jobs", job), answer -> answer.status() == 202);
    JsonNode leased =
        await()
            .atMost(SOON)
            .until(() -> http.post(path, lease).json().at("/leases/0"), each -> each.has("id"));
    http.post("/v1/leases/" + leased.path("id").textValue() + "/complete", "{\"result\":1}");
    return UUID.fromString(accepted.string("id"));
  }

  private void awaitCalls(int count) {
    await().atMost(SOON).until(() -> effects.of(mine).size() >= count);
    assertThat(effects.of(mine)).hasSize(count);
  }

  private JsonNode callback(UUID id) {
    return http.get("/v1/jobs/" + id).json().path("callback");
  }
}
