package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.JobView;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.NewOperation;
import io.quikqueue.client.OperationView;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.client.Submitted;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many jobs changed at once, wherever the service runs. */
@ExtendWith(SharedSystems.class)
abstract class Operations {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Deployment system;
  private final Http http;
  private final QuikQueueClient client;

  /** A queue that belongs to this test alone. */
  private final String mine = "o" + UUID.randomUUID().toString().substring(0, 13);

  Operations(Deployment system) {
    this.system = system;
    this.http = system.http();
    this.client = system.client();
  }

  @Test
  void allThatWaitInAQueueAreCancelled() {
    submit(450, NewJob.of("echo", 1).queue(mine).delay(Duration.ofDays(1)));
    UUID other = client.submit(NewJob.of("echo", 1).queue(mine + "x").delay(Duration.ofDays(1)));
    OperationView counted = done(client.operations().begin(cancelled().dryRun()));
    assertThat(counted.changed()).isEqualTo(450);
    assertThat(counted.complete()).isTrue();
    assertThat(states()).containsOnly("SCHEDULED");

    OperationView done = done(client.operations().begin(cancelled()));

    assertThat(done.changed()).isEqualTo(450);
    assertThat(done.skipped()).isZero();
    assertThat(states()).hasSize(450).containsOnly("CANCELLED");
    assertThat(client.cancel(other).state()).isEqualTo(JobView.State.CANCELLED);
  }

  @Test
  void allThatFailedRunAgain() {
    submit(60, NewJob.of("fail", Map.of("times", 1, "permanent", true)).queue(mine));
    awaitAll(60, "FAILED");

    OperationView done =
        done(
            client
                .operations()
                .begin(NewOperation.retry().state(JobView.State.FAILED).queue(mine)));

    assertThat(done.changed()).isEqualTo(60);
    awaitAll(60, "DONE");
  }

  @Test
  void allThatIsOverIsDiscarded() {
    submit(5, NewJob.of("echo", 1).queue(mine));
    UUID waits = client.submit(NewJob.of("echo", 1).queue(mine).delay(Duration.ofDays(1)));
    await().atMost(SOON).until(() -> Collections.frequency(states(), "DONE") == 5);

    OperationView done = done(client.operations().begin(NewOperation.discard().queue(mine)));

    assertThat(done.changed()).isEqualTo(5);
    assertThat(done.skipped()).isEqualTo(1);
    assertThat(states()).containsExactly("SCHEDULED");
    assertThat(client.cancel(waits).state()).isEqualTo(JobView.State.CANCELLED);
  }

  @Test
  void aJobThatWaitsGetsAnotherPriorityOrQueueAndOneThatRunsIsLeftAlone() {
    pause();
    UUID waits = client.submit(NewJob.of("echo", 1).queue(mine));
    UUID later = client.submit(NewJob.of("echo", 1).queue(mine).delay(Duration.ofDays(1)));
    UUID runs =
        client.submit(NewJob.of("sleep", Map.of("ms", 600_000)).timeout(HOUR).queue(mine + "r"));
    await().atMost(SOON).until(() -> job(runs).path("state").textValue().equals("RUNNING"));
    await().atMost(SOON).until(() -> job(waits).path("state").textValue().equals("QUEUED"));

    JsonNode moved = patch(waits, "{\"priority\":0,\"queue\":\"" + mine + "x\"}").json();
    assertThat(moved.path("queue").textValue()).isEqualTo(mine + "x");
    assertThat(patch(later, "{\"priority\":9}").json().path("priority").intValue()).isEqualTo(9);
    assertThat(patch(runs, "{\"priority\":0}").status()).isEqualTo(409);

    await().atMost(SOON).until(() -> job(waits).path("state").textValue().equals("DONE"));
    assertThat(job(waits).path("priority").intValue()).isZero();
    assertThat(job(waits).path("failures").intValue()).isZero();
    assertThat(patch(waits, "{\"priority\":1}").status()).isEqualTo(409);
    assertThat(client.cancel(later).state()).isEqualTo(JobView.State.CANCELLED);
    assertThat(client.cancel(runs).state()).isEqualTo(JobView.State.CANCELLED);
  }

  @Test
  void allThatWaitGetAnotherPriorityAndAnotherQueue() {
    pause();
    submit(450, NewJob.of("echo", 1).queue(mine));
    awaitAll(450, "QUEUED");

    assertThat(done(client.operations().begin(NewOperation.setPriority(1).queue(mine))).changed())
        .isEqualTo(450);
    assertThat(http.get("/v1/jobs?limit=500&queue=" + mine).json().path("jobs"))
        .hasSize(450)
        .allMatch(job -> job.path("priority").intValue() == 1);
    OperationView moved =
        done(client.operations().begin(NewOperation.moveTo(mine + "x").queue(mine)));

    assertThat(moved.changed()).isEqualTo(450);
    assertThat(states()).isEmpty();
    await()
        .atMost(SOON)
        .until(
            () -> http.get("/v1/queues/" + mine + "x").json().at("/jobs/DONE").intValue() == 450);
  }

  private void pause() {
    assertThat(http.post("/v1/queues/" + mine + "/pause", "{\"note\":\"a trial\"}").status())
        .isEqualTo(200);
    HeldBack.awaitPauses(system);
  }

  private JsonNode job(UUID id) {
    return http.get("/v1/jobs/" + id).json();
  }

  private Http.Answer patch(UUID id, String body) {
    return http.send(
        "PATCH",
        "/v1/jobs/" + id,
        BodyPublishers.ofString(body),
        "content-type",
        "application/json");
  }

  @Test
  void whoChangedWhatIsInTheAuditLog() {
    pause();
    UUID job = client.submit(NewJob.of("echo", 1).queue(mine).delay(Duration.ofDays(1)));
    client.cancel(job);

    JsonNode paused = audit("target=" + mine).get(0);
    assertThat(paused.path("action").textValue()).isEqualTo("pauseQueue");
    assertThat(paused.path("kind").textValue()).isEqualTo("change");
    assertThat(paused.path("caller").textValue()).isEqualTo("anonymous");
    assertThat(paused.path("address").textValue()).isEqualTo("127.0.0.1");
    await().atMost(SOON).until(() -> audit("target=" + mine).at("/0/status").asInt() == 200);
    assertThat(audit("target=" + job)).hasSize(1);
    assertThat(audit("target=" + job).at("/0/action").textValue()).isEqualTo("cancelJob");
    List<String> lines =
        http.get("/v1/audit?target=" + mine, "accept", "application/x-ndjson")
            .text()
            .lines()
            .toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains(paused.path("id").textValue());
  }

  private JsonNode audit(String filter) {
    return http.get("/v1/audit?" + filter).json().path("records");
  }

  @Test
  void isPausedResumedAndAborted() {
    submit(300, NewJob.of("echo", 1).queue(mine).delay(Duration.ofDays(1)));
    UUID id = client.operations().begin(cancelled().rate(1)).id();
    await().atMost(SOON).until(() -> now(id).changed() > 0);

    assertThat(client.operations().pause(id).state()).isEqualTo(OperationView.State.PAUSED);
    assertThat(client.operations().resume(id).state()).isEqualTo(OperationView.State.RUNNING);
    assertThat(client.operations().abort(id).state()).isEqualTo(OperationView.State.ABORTED);

    assertThat(http.post("/v1/operations/" + id + "/resume", "").status()).isEqualTo(409);
    assertThat(states()).contains("CANCELLED", "SCHEDULED");
    assertThat(done(client.operations().begin(cancelled())).state())
        .isEqualTo(OperationView.State.DONE);
    assertThat(states()).hasSize(300).containsOnly("CANCELLED");
  }

  private NewOperation cancelled() {
    return NewOperation.cancel().queue(mine);
  }

  private void submit(int count, NewJob job) {
    assertThat(client.submitAll(Collections.nCopies(count, job)))
        .extracting(Submitted::accepted)
        .containsOnly(true);
  }

  private OperationView done(OperationView begun) {
    return await()
        .atMost(SOON)
        .until(() -> now(begun.id()), now -> now.state() == OperationView.State.DONE);
  }

  private OperationView now(UUID id) {
    return client.operations().find(id).orElseThrow();
  }

  private void awaitAll(int count, String state) {
    await().atMost(SOON).until(() -> Collections.frequency(states(), state) == count);
  }

  /** The states of all jobs of the queue. */
  private List<String> states() {
    List<String> states = new ArrayList<>();
    String page = "/v1/jobs?limit=500&queue=" + mine;
    for (String next = page; next != null; ) {
      JsonNode answer = http.get(next).json();
      answer.path("jobs").forEach(job -> states.add(job.path("state").textValue()));
      next = answer.hasNonNull("next") ? page + "&after=" + answer.get("next").textValue() : null;
    }
    return states;
  }
}
