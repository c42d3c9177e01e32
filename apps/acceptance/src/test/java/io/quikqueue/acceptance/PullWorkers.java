package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.LeaseRequest;
import io.quikqueue.client.LeasedJob;
import io.quikqueue.client.Leases;
import io.quikqueue.client.QuikQueueClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a program in any language does that runs jobs, wherever the service runs. */
@ExtendWith(SharedSystems.class)
abstract class PullWorkers {

  private static final String SILENT = "silent";
  private static final Duration SOON = Duration.ofMinutes(3);

  private final Http http;
  private final QuikQueueClient client;

  /** Names what belongs to this test alone: a queue, a type of job, a worker. */
  private final String mine = "p" + UUID.randomUUID().toString().substring(0, 13);

  PullWorkers(Deployment system) {
    this.http = system.http();
    this.client = system.client();
  }

  @Test
  void aProgramOffersATypeOfItsOwnAndRunsItsJobs() {
    assertThat(submit().status()).as("nobody knows the type yet").isEqualTo(422);
    CompletableFuture<Answer> waiting =
        http.postLater("/v1/queues/" + mine + "/lease", leaseRequest("w", "30s"));
    Answer submitted = await().atMost(SOON).until(this::submit, each -> each.status() == 202);
    String id = submitted.string("id");

    JsonNode given = waiting.join().json().path("leases").path(0);
    JsonNode lease = given.isObject() ? given : leased("w"); // where all takes more than its wait
    assertThat(lease.path("job_id").textValue()).isEqualTo(id);
    assertThat(lease.at("/payload/n").intValue()).isEqualTo(7);
    assertThat(http.get("/v1/jobs/" + id).string("state")).isEqualTo("RUNNING");

    assertThat(report(lease, "heartbeat", "{}").json().path("stop").isNull()).isTrue();
    assertThat(report(lease, "progress", "{\"percent\":40,\"message\":\"4 of 10\"}").status())
        .isEqualTo(200);
    assertThat(report(lease, "log", "{\"lines\":[\"hello\"]}").status()).isEqualTo(200);
    assertThat(http.get("/v1/jobs/" + id + "/logs").json().at("/lines/0/text").textValue())
        .isEqualTo("hello");
    await()
        .atMost(SOON)
        .until(() -> http.get("/v1/jobs/" + id).json().at("/progress/percent").intValue() == 40);
    JsonNode worker = worker("w");
    assertThat(worker.path("types").toString()).contains(mine);
    assertThat(worker.path("queues").toString()).contains(mine);
    assertThat(worker.path("running").toString()).contains(id);

    Answer done = report(lease, "complete", "{\"result\":{\"n\":14},\"note\":\"doubled\"}");
    assertThat(done.string("state")).isEqualTo("DONE");
    JsonNode job = http.get("/v1/jobs/" + id).json();
    assertThat(job.path("state").textValue()).isEqualTo("DONE");
    assertThat(job.at("/result/n").intValue()).isEqualTo(14);
    assertThat(job.at("/attempts/0/worker").textValue()).isEqualTo("pull:" + mine + "-w");
  }

  @Test
  void aFailureIsTriedAgainByThePolicy() {
    JsonNode first = leasedAfterSubmit("w");
    assertThat(
            report(first, "fail", "{\"message\":\"no luck\",\"class\":\"ValueError\"}")
                .string("state"))
        .isEqualTo("RETRYING");

    JsonNode second = leased("w");
    assertThat(second.path("attempt").intValue()).isEqualTo(2);
    assertThat(second.path("failures").intValue()).isOne();
    assertThat(report(second, "release", "").string("state")).isEqualTo("QUEUED");
    JsonNode third = leased("w");
    assertThat(third.path("attempt").intValue()).isEqualTo(2);
    assertThat(report(third, "complete", "").string("state")).isEqualTo("DONE");
    JsonNode attempt = job(first).at("/attempts/0");
    assertThat(attempt.path("error").textValue()).isEqualTo("no luck");
    assertThat(attempt.path("error_class").textValue()).isEqualTo("ValueError");
  }

  @Test
  void aWorkerThatFallsSilentLosesItsJobToAnother() {
    JsonNode silent = leasedAfterSubmit(SILENT);

    JsonNode next = leased("other");

    assertThat(next.path("attempt").intValue()).isEqualTo(2);
    assertThat(next.path("crashes").intValue()).isOne();
    assertThat(report(silent, "heartbeat", "").string("stop")).isEqualTo("lost");
    Answer stale = report(silent, "complete", "{\"result\":1}");
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.header("content-type")).isEqualTo("application/problem+json");
    assertThat(report(next, "complete", "{\"result\":2}").string("state")).isEqualTo("DONE");
    assertThat(job(next).path("result").intValue()).isEqualTo(2);
    assertThat(job(next).at("/attempts/0/state").textValue()).isEqualTo("CRASHED");
  }

  @Test
  void anAttemptGoesOnWithTheStepsOfTheOnesBeforeAndSleepsUntilASignalComes() {
    JsonNode leased = leasedAfterSubmit(SILENT);
    Answer kept = step(leased, 7);
    while (kept.status() == 409) { // this machine stood still for longer than its lease
      leased = leased(SILENT);
      kept = step(leased, 7);
    }
    JsonNode silent = leased;
    assertThat(kept.json().path("value").intValue()).isEqualTo(7);

    JsonNode next = leased("other"); // that one was given up
    assertThat(step(silent, 9).status()).isEqualTo(409);
    assertThat(step(next, 8).json().path("value").intValue()).as("kept before").isEqualTo(7);
    String wait = "{\"name\":\"ok\",\"signal\":\"approve\",\"timeout\":\"1h\"}";
    assertThat(report(next, "wait", wait).string("state")).isEqualTo("SCHEDULED");
    assertThat(job(next).path("waiting_for").textValue()).contains("approve");

    String signal = "/v1/jobs/" + next.path("job_id").textValue() + "/signals/approve";
    assertThat(http.post(signal, "{\"payload\":{\"by\":\"ann\"}}").status()).isEqualTo(202);
    JsonNode last = leased("other");
    assertThat(report(last, "wait", wait).json().at("/value/by").textValue()).isEqualTo("ann");
    assertThat(report(last, "complete", "").string("state")).isEqualTo("DONE");
    assertThat(job(last).path("failures").intValue()).isZero();
    assertThat(job(last).path("crashes").intValue()).isEqualTo(next.path("attempt").intValue() - 1);
  }

  @Test
  void aProgramThatUsesTheJavaClientDoesItsStepsOnceSleepsAndWaitsForASignal() {
    assertThat(report(leasedAfterSubmit("java"), "release", "").status()).isEqualTo(200);
    Leases leases = client.leases();
    AtomicInteger done = new AtomicInteger();

    LeasedJob first = leasedInJava();
    assertThat(leases.step(first, "charge", done::incrementAndGet).intValue()).isOne();
    assertThat(leases.sleep(first, "nap", Duration.ofMillis(500))).isFalse();
    LeasedJob second = leasedInJava();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(leases.step(second, "charge", done::incrementAndGet).intValue()).isOne();
    assertThat(leases.sleep(second, "nap", Duration.ofMillis(500))).isTrue();
    assertThat(leases.waitForSignal(second, "ok", "approve", Duration.ofHours(1)).suspended())
        .isTrue();
    String signal = "/v1/jobs/" + first.id() + "/signals/approve";
    assertThat(http.post(signal, "{\"payload\":{\"by\":\"ann\"}}").status()).isEqualTo(202);
    LeasedJob third = leasedInJava();
    JsonNode told = leases.waitForSignal(third, "ok", "approve", Duration.ofHours(1)).payload();
    leases.complete(third, told, null);

    assertThat(done).hasValue(1);
    JsonNode job = http.get("/v1/jobs/" + first.id()).json();
    assertThat(job.path("state").textValue()).isEqualTo("DONE");
    assertThat(job.at("/result/by").textValue()).isEqualTo("ann");
    assertThat(job.path("failures").intValue()).isZero();
  }

  private LeasedJob leasedInJava() {
    LeaseRequest request =
        LeaseRequest.of(mine + "-java", mine)
            .patience(Duration.ofSeconds(20))
            .length(Duration.ofMinutes(10));
    return await()
        .atMost(SOON)
        .until(() -> client.leases().lease(mine, request), each -> !each.isEmpty())
        .getFirst();
  }

  private Answer step(JsonNode lease, int value) {
    return http.send(
        "PUT",
        "/v1/jobs/" + lease.path("job_id").textValue() + "/steps/charge",
        BodyPublishers.ofString(
            "{\"lease\":\"%s\",\"value\":%d}".formatted(lease.path("id").textValue(), value)),
        "content-type",
        "application/json");
  }

  @Test
  void aJobThatIsCancelledIsToldToItsWorker() {
    JsonNode lease = leasedAfterSubmit("w");
    http.post("/v1/jobs/" + lease.path("job_id").textValue() + "/cancel", "");

    assertThat(report(lease, "heartbeat", "").string("stop")).isEqualTo("cancelled");
    assertThat(report(lease, "complete", "").status()).isEqualTo(409);
    assertThat(job(lease).path("state").textValue()).isEqualTo("CANCELLED");
  }

  @Test
  void anAttemptThatTakesTooLongHasFailed() {
    JsonNode lease = leasedAfterSubmit("w", ",\"timeout\":\"1s\",\"retry\":{\"max_attempts\":1}");

    await().atMost(SOON).until(() -> job(lease).path("state").textValue().equals("FAILED"));

    assertThat(job(lease).at("/attempts/0/error").textValue()).contains("timed out");
    assertThat(report(lease, "complete", "").status()).isEqualTo(409);
  }

  @Test
  void aJobOfATypeThatNobodyTakesAnyMoreSaysWhatItWaitsFor() {
    leasedAfterSubmit(SILENT);
    Answer submitted = submit();
    String path = "/v1/jobs/" + submitted.string("id");
    await()
        .atMost(SOON)
        .until(
            () -> {
              http.post("/v1/queues/" + mine + "-other/lease", leaseRequest(SILENT, "0s"));
              return http.get(path).json().path("waiting_for").isNull();
            });

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(http.get(path).json().path("waiting_for").asText())
                    .contains("no living worker")
                    .contains(mine));
    assertThat(leased("later").path("attempt").intValue()).isPositive();
    await()
        .atMost(SOON)
        .until(
            () -> {
              http.post("/v1/queues/" + mine + "-other/lease", leaseRequest("later", "0s"));
              return http.get(path).json().path("waiting_for").isNull();
            });
  }

  private Answer submit() {
    return submit("");
  }

  private Answer submit(String fields) {
    return http.post(
        "/v1/jobs",
        "{\"type\":\"%s\",\"queue\":\"%s\",\"payload\":{\"n\":7}%s}".formatted(mine, mine, fields));
  }

  /** A worker that is to be given up has a short lease. */
  private String leaseRequest(String worker, String wait) {
    String lease = worker.equals(SILENT) ? "5s" : "10m";
    return "{\"worker\":\"%s-%s\",\"types\":[\"%s\"],\"wait\":\"%s\",\"lease\":\"%s\"}"
        .formatted(mine, worker, mine, wait, lease);
  }

  private JsonNode leasedAfterSubmit(String worker) {
    return leasedAfterSubmit(worker, "");
  }

  private JsonNode leasedAfterSubmit(String worker, String fields) {
    http.post("/v1/queues/" + mine + "/lease", leaseRequest(worker, "0s"));
    await().atMost(SOON).until(() -> submit(fields), each -> each.status() == 202);
    return leased(worker);
  }

  private JsonNode leased(String worker) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                http.post("/v1/queues/" + mine + "/lease", leaseRequest(worker, "5s"))
                    .json()
                    .path("leases")
                    .path(0),
            JsonNode::isObject);
  }

  private JsonNode worker(String name) {
    for (JsonNode worker : http.get("/v1/workers").json().path("workers")) {
      if (worker.path("id").textValue().equals("pull:" + mine + "-" + name)) {
        return worker;
      }
    }
    throw new AssertionError("no worker " + name);
  }

  private JsonNode job(JsonNode lease) {
    return http.get("/v1/jobs/" + lease.path("job_id").textValue()).json();
  }

  private Answer report(JsonNode lease, String action, String json) {
    return http.post("/v1/leases/" + lease.path("id").textValue() + "/" + action, json);
  }
}
