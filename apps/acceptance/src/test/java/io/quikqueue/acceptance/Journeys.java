package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.NewPolicy;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.client.QuikQueueException;
import io.quikqueue.client.RetryChanges;
import io.quikqueue.client.Submitted;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users do, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class Journeys {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final Deployment system;
  private final Effects effects;
  private final QuikQueueClient client;
  private final Http http;

  /** Names what belongs to this test alone: a queue, a label, an effect, an idempotency key. */
  private final String mine = "t" + UUID.randomUUID().toString().substring(0, 13);

  Journeys(Deployment system, Effects effects) {
    this.system = system;
    this.effects = effects;
    this.client = system.client();
    this.http = system.http();
  }

  @Test
  void aTextIsAcceptedAtOnceAndDoneAfterARealCall() {
    Answer submitted = http.post("/submit", "{\"text\":\"hello\"}");

    assertThat(submitted.status()).isEqualTo(202);
    assertThat(submitted.string("status")).isEqualTo("QUEUED");
    String location = submitted.header("Location");
    assertThat(location).isEqualTo("/results/" + submitted.string("id"));

    Answer result =
        await().atMost(SOON).until(() -> http.get(location + "?wait=20s"), a -> a.status() == 200);
    assertThat(result.string("status")).isEqualTo("DONE");
    assertThat(result.string("text")).isEqualTo("hello");
    assertThat(result.string("note")).matches("HTTP 200 in \\d+ ms");
    assertThat(result.json().at("/result/status").intValue()).isEqualTo(200);
    assertThat(result.json().at("/result/body/text").textValue()).isEqualTo("hello");
  }

  @Test
  void handlersReturnTheirResults() {
    JobView echo = done(NewJob.of("echo", Map.of("list", List.of(1, "zwei", 3.5))));
    JobView add = done(NewJob.of("add", Map.of("a", 2, "b", 0.5)));
    JobView both = done(NewJob.of("sum_multiply", Map.of("a", 3, "b", 4)));

    assertThat(echo.result()).isEqualTo(echo.payload());
    assertThat(add.result().path("sum").asDouble()).isEqualTo(2.5);
    assertThat(both.result().path("sum").intValue()).isEqualTo(7);
    assertThat(both.result().path("a_times_sum").intValue()).isEqualTo(21);
    assertThat(both.result().path("b_times_sum").intValue()).isEqualTo(28);
    assertThat(http.get("/v1/jobs/" + both.id() + "/result").json()).isEqualTo(both.result());
  }

  @Test
  void whatHappenedIsShownInFigures() {
    String path = "/v1/queues/" + mine + "/stats";
    client.await(client.submit(NewJob.of("echo", 1).queue(mine)), SOON);
    client.await(
        client.submit(NewJob.of("fail", Map.of("times", 9)).queue(mine).maxAttempts(1)), SOON);

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              JsonNode total = http.get(path).json().path("total");
              assertThat(total.path("submitted").intValue()).isEqualTo(2);
              assertThat(total.path("done").intValue()).isOne();
              assertThat(total.path("failed_attempts").intValue()).isOne();
              assertThat(total.path("failed").intValue()).isOne();
              assertThat(total.at("/wait_seconds/p99").isNumber()).isTrue();
              assertThat(total.at("/run_seconds/p50").isNumber()).isTrue();
            });
    assertThat(http.get("/v1/stats?range=3d").json().at("/total/done").longValue()).isPositive();
    assertThat(http.get("/v1/types/fail/stats").json().at("/total/failed").longValue())
        .isPositive();
  }

  @Test
  void jobsOfAPausedQueueWaitAndSayWhyUntilItIsResumed() {
    UUID first = client.submit(NewJob.of("echo", 1).queue(mine));
    assertThat(client.await(first, SOON).state()).isEqualTo(State.DONE);
    assertThat(http.post("/v1/queues/" + mine + "/pause", "{\"note\":\"a trial\"}").status())
        .isEqualTo(200);
    UUID held =
        HeldBack.job(
            system,
            mine,
            () -> client.submit(NewJob.of("echo", 2).queue(mine)),
            () -> client.submit(NewJob.of("echo", 3).queue(mine + "-other")));

    assertThat(waitingFor(held)).startsWith("queue \"" + mine + "\" is paused").contains("a trial");
    assertThat(http.get("/v1/queues/" + mine).json().at("/paused/note").textValue())
        .isEqualTo("a trial");

    assertThat(http.post("/v1/queues/" + mine + "/resume", "").status()).isEqualTo(200);
    assertThat(client.await(held, SOON).state()).isEqualTo(State.DONE);
  }

  private String waitingFor(UUID id) {
    return client.find(id).orElseThrow().json().path("waiting_for").textValue();
  }

  @Test
  void aFailureIsTriedAgainAfterAWhile() {
    UUID id =
        client.submit(
            NewJob.of("fail", Map.of("times", 9))
                .backoff(Duration.ofHours(1), Duration.ofHours(1)));

    JobView retrying = awaitState(id, State.RETRYING);
    assertThat(retrying.error()).contains("attempt");
    assertThat(retrying.json().path("due_at").isTextual()).isTrue();
    client.cancel(id);
  }

  @Test
  void listedWaitsAreThoseThatAreWaited() {
    UUID id =
        client.submit(
            NewJob.of("fail", Map.of("times", 9)).delays(List.of(ms(1), Duration.ofHours(1))));

    JobView retrying =
        await()
            .atMost(SOON)
            .until(
                () -> client.find(id).orElseThrow(),
                job -> job.attempt() == 2 && job.state() == State.RETRYING);
    Instant due = Instant.parse(retrying.json().path("due_at").textValue());
    assertThat(Duration.between(retrying.updatedAt(), due)).isEqualTo(Duration.ofHours(1));
    assertThat(retrying.json().at("/retry/kind").textValue()).isEqualTo("list");
    client.cancel(id);
  }

  @Test
  void aChangeOfThePolicyCountsForJobsThatWaitForTheirNextAttempt() {
    // So many that they are not used up on a slow machine, before it is seen that it waits.
    client.policies().putQueue(mine, NewPolicy.none().maxAttempts(1000));
    UUID id =
        client.submit(
            NewJob.of("fail", Map.of("times", 9999)).queue(mine).delays(List.of(ms(1500))));
    awaitState(id, State.RETRYING);
    assertThat(client.policies().putQueue(mine, NewPolicy.none().maxAttempts(2)).declared())
        .isFalse();

    JobView failed = client.await(id, SOON);

    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(failed.attempt()).isLessThan(1000);
    assertThat(failed.json().at("/retry/max_attempts").intValue()).isEqualTo(2);
    assertThat(failed.json().at("/retry/delays/0").textValue()).isEqualTo("1500ms");
    assertThat(client.policies().deleteQueue(mine)).isTrue();
    assertThat(client.policies().ofQueue(mine)).isEmpty();
  }

  @Test
  void aFailureIsTriedAgainUntilThePolicyGivesUp() {
    UUID id =
        client.submit(
            NewJob.of("fail", Map.of("times", 9))
                .maxAttempts(3)
                .backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)));

    JobView failed = client.await(id, SOON);

    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(failed.note()).contains("3 failed attempts");
    assertThat(ends(failed)).containsExactly("1 FAILED", "2 FAILED", "3 FAILED");
    assertThat(failed.json().at("/attempts/0/error").textValue()).contains("attempt 1 of 9");
    assertThat(http.get("/v1/jobs/" + id + "/result").status()).isEqualTo(409);
  }

  @Test
  void aPassingFailureEndsInSuccess() {
    JobView job = done(NewJob.of("fail", Map.of("times", 2)).backoff(ms(50), ms(50)));

    assertThat(job.attempt()).isEqualTo(3);
    assertThat(ends(job)).containsExactly("1 FAILED", "2 FAILED", "3 DONE");
    assertThat(job.error()).isNull();
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() {
    JobView failed = ended(NewJob.of("fail", Map.of("times", 1, "permanent", true)));

    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(ends(failed)).containsExactly("1 FAILED");
  }

  @Test
  void aCallThatIsNotAllowedFailsForGood() {
    JobView failed = ended(NewJob.of("http", Map.of("url", "http://127.0.0.1:1/")));

    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(ends(failed)).hasSize(1);
  }

  @Test
  void aPathThatDoesNotServeHoldsBackItsOwnJobsOnly() {
    JobView held;
    do { // as many as it takes the circuit to open
      UUID id = client.submit(effects.unavailable(mine + "-down").queue(mine).maxAttempts(1));
      held =
          await()
              .atMost(SOON)
              .pollInterval(ms(20))
              .until(
                  () -> client.find(id).orElseThrow(),
                  job -> job.state().terminal() || job.state() == State.RETRYING);
    } while (held.state() == State.FAILED);
    assertThat(held.state()).isEqualTo(State.RETRYING);
    assertThat(held.note()).contains("waits until").contains("circuit");
    assertThat(held.json().path("failures").intValue()).isZero();
    assertThat(ends(held)).isEmpty();

    List<UUID> good =
        IntStream.range(0, 20).mapToObj(_ -> client.submit(effects.job(mine))).toList();

    for (UUID id : good) {
      JobView job = client.await(id, SOON);
      assertThat(job.state()).isEqualTo(State.DONE);
      assertThat(ends(job)).containsExactly("1 DONE");
    }
    assertThat(effects.of(mine)).hasSize(20);
  }

  @Test
  void aServerThatAsksToWaitIsCalledLaterAndNoFailureIsCounted() {
    JobView job = done(effects.busy(mine).maxAttempts(1));

    assertThat(job.json().path("failures").intValue()).isZero();
    assertThat(ends(job)).containsExactly("1 POSTPONED", "2 DONE");
    assertThat(job.json().at("/attempts/0/error").textValue()).contains("HTTP 429");
    List<Effects.Call> calls = effects.of(mine);
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).nanos() - calls.get(0).nanos())
        .isGreaterThanOrEqualTo(ms(1000).toNanos());
  }

  @Test
  void aDelayedJobDoesNotRunBeforeItsTime() {
    UUID waiting = client.submit(effects.job(mine + "-waiting").delay(Duration.ofHours(1)));
    Duration delay = ms(1500);
    long submitted = System.nanoTime();
    UUID id = client.submit(effects.job(mine).delay(delay));

    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    assertThat(effects.of(mine)).hasSize(1);
    assertThat(effects.of(mine).getFirst().nanos() - submitted)
        .isGreaterThanOrEqualTo(delay.toNanos());
    assertThat(client.find(waiting).orElseThrow().state()).isEqualTo(State.SCHEDULED);
    assertThat(effects.of(mine + "-waiting")).isEmpty();
    client.cancel(waiting);
  }

  @Test
  void aJobCancelledBeforeItStartedNeverStarts() {
    Duration delay = ms(6000);
    String key;
    UUID cancelled;
    Answer answer;
    boolean isInTime;
    do { // again when this machine stood still meanwhile, so that the job may have started
      key = mine + UUID.randomUUID();
      long begun = System.nanoTime();
      cancelled = client.submit(effects.job(key).delay(delay));
      answer = http.post("/v1/jobs/" + cancelled + "/cancel", "");
      isInTime = System.nanoTime() - begun < delay.toNanos();
    } while (!isInTime);
    assertThat(answer.string("state")).isEqualTo("CANCELLED");
    UUID witness = client.submit(effects.job(mine + "-witness").delay(delay));

    assertThat(client.await(witness, SOON).state()).isEqualTo(State.DONE);
    assertThat(client.find(cancelled).orElseThrow().state()).isEqualTo(State.CANCELLED);
    assertThat(effects.of(key)).isEmpty();
    assertThat(http.post("/v1/jobs/" + cancelled + "/cancel", "").status()).isEqualTo(409);
  }

  @Test
  void aJobCancelledWhileRunningIsInterruptedAndNeverDone() {
    UUID id = client.submit(longSleep(600_000));
    awaitState(id, State.RUNNING);

    assertThat(client.cancel(id).state()).isEqualTo(State.CANCELLED);

    // Well before it would have ended by itself.
    await().atMost(SOON).until(() -> attempts(mine, "cancelled") == 1 && busy() == 0);
    JobView after = client.find(id).orElseThrow();
    assertThat(after.state()).isEqualTo(State.CANCELLED);
    assertThat(after.result()).isNull();
    assertThat(attempts(mine, "done")).isZero();
  }

  @Test
  void aFailedJobCanBeRetriedByHand() {
    UUID id = client.submit(NewJob.of("fail", Map.of("times", 1)).maxAttempts(1));
    assertThat(client.await(id, SOON).state()).isEqualTo(State.FAILED);

    JobView retried = client.retry(id);

    assertThat(retried.state()).isEqualTo(State.QUEUED);
    assertThat(retried.attempt()).isEqualTo(2);
    JobView job = client.await(id, SOON);
    assertThat(job.state()).isEqualTo(State.DONE);
    assertThat(ends(job)).containsExactly("1 FAILED", "2 DONE");
    assertThatThrownBy(() -> client.retry(id)).isInstanceOf(QuikQueueException.Conflict.class);
    assertThatThrownBy(() -> client.cancel(id)).isInstanceOf(QuikQueueException.Conflict.class);
  }

  @Test
  void aRetryWithAnotherPayloadIsANewGenerationAndTheHistoryOfBothStays() {
    UUID id = client.submit(NewJob.of("fail", Map.of("times", 9)).maxAttempts(1));
    assertThat(client.await(id, SOON).state()).isEqualTo(State.FAILED);

    JobView retried = client.retry(id, RetryChanges.payload(Map.of("times", 0)));

    assertThat(retried.attempt()).isEqualTo(2);
    JobView job = client.await(id, SOON);
    assertThat(job.state()).isEqualTo(State.DONE);
    assertThat(ends(job)).containsExactly("1 FAILED", "2 DONE");
    assertThat(job.json().path("generation").intValue()).isEqualTo(2);
    assertThat(job.json().path("attempts").findValuesAsText("generation"))
        .containsExactly("1", "2");
    assertThat(client.generations(id))
        .singleElement()
        .satisfies(
            first -> {
              assertThat(first.number()).isEqualTo(1);
              assertThat(first.state()).isEqualTo(State.FAILED);
              assertThat(first.payload().path("times").intValue()).isEqualTo(9);
            });
    assertThat(http.post("/v1/jobs/" + id + "/retry", "{\"payload\":1}").status()).isEqualTo(409);
  }

  @Test
  void oneKeyMakesOneJobHoweverManySubmitAtOnce() {
    String body =
        "{\"type\":\"http\",\"payload\":{\"url\":\"http://%s/at-once/%s\"}}"
            .formatted(effects.hostAndPort(), mine);
    List<Answer> answers =
        IntStream.range(0, 20)
            .mapToObj(i -> http.postLater("/v1/jobs", body, "Idempotency-Key", mine))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(answers).extracting(Answer::status).containsOnly(202);
    assertThat(answers)
        .extracting(answer -> answer.string("id"))
        .containsOnly(answers.getFirst().string("id"));
    assertThat(answers.stream().filter(a -> a.header("Idempotency-Replayed") == null)).hasSize(1);
    UUID id = UUID.fromString(answers.getFirst().string("id"));
    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    assertThat(effects.of(mine)).hasSize(1);

    Answer other = http.post("/v1/jobs", body.replace(mine, mine + "x"), "Idempotency-Key", mine);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.string("field")).isEqualTo("Idempotency-Key");
    assertThat(effects.of(mine + "x")).isEmpty();
  }

  @Test
  void aBatchTellsOfEachItemInOrder() {
    Answer answer =
        http.post(
            "/v1/jobs/batch",
            """
            [{"type": "echo", "payload": 1},
             {"payload": 2},
             {"type": "nobody-runs-this", "payload": 3},
             "no job",
             {"type": "echo", "payload": 5, "priority": 99},
             {"type": "echo", "payload": 6}]
            """);

    assertThat(answer.status()).isEqualTo(202);
    List<String> fields =
        elements(answer.json().path("items")).stream()
            .map(item -> item.has("id") ? "accepted" : item.at("/error/field").textValue())
            .toList();
    assertThat(fields).containsExactly("accepted", "type", "type", "body", "priority", "accepted");
    for (int accepted : new int[] {0, 5}) {
      UUID id = UUID.fromString(answer.json().path("items").path(accepted).path("id").asText());
      JobView job = client.await(id, SOON);
      assertThat(job.state()).isEqualTo(State.DONE);
      assertThat(job.result().intValue()).isEqualTo(accepted + 1);
    }
  }

  @Test
  void aBatchMayBeLines() {
    Answer answer =
        http.send(
            "POST",
            "/v1/jobs/batch",
            BodyPublishers.ofString(
                "{\"type\":\"echo\",\"payload\":1}\n\n"
                    + "{nonsense\n"
                    + "{\"type\":\"echo\",\"payload\":3}\n"),
            "Content-Type",
            "application/x-ndjson");

    assertThat(answer.status()).isEqualTo(202);
    JsonNode items = answer.json().path("items");
    assertThat(items).hasSize(3);
    assertThat(items.at("/1/error/status").intValue()).isEqualTo(400);
    assertThat(client.await(UUID.fromString(items.at("/2/id").asText()), SOON).result().intValue())
        .isEqualTo(3);
  }

  @Test
  void aClientSubmitsManyAtOnce() {
    List<NewJob> jobs =
        IntStream.range(0, 500)
            .mapToObj(i -> NewJob.of("add", Map.of("a", i, "b", 1)).queue(mine))
            .toList();

    List<Submitted> answers = client.submitAll(jobs);

    assertThat(answers).hasSize(500).allMatch(answer -> answer.id() != null);
    await().atMost(SOON).until(() -> jobs(mine).path("DONE").intValue() == 500);
  }

  @Test
  void aLongPollEndsWithTheJobAndNotBefore() {
    UUID id = client.submit(effects.held(mine));
    await().atMost(SOON).until(() -> effects.of(mine).size() == 1);

    long asked = System.nanoTime();
    Answer early = http.get("/results/" + id + "?wait=1s");
    assertThat(early.status()).isEqualTo(202);
    assertThat(early.header("Retry-After")).isNotNull();
    assertThat(System.nanoTime() - asked).isGreaterThanOrEqualTo(ms(990).toNanos());

    effects.release(mine);
    await("long polls end with their job").atMost(SOON).until(this::longPollsEndWithTheirJob);
  }

  /** False = they ended so late that it may be their time that was over. */
  private boolean longPollsEndWithTheirJob() {
    String key = mine + UUID.randomUUID();
    UUID id = client.submit(effects.held(key));
    await().atMost(SOON).until(() -> effects.of(key).size() == 1);

    long asked = System.nanoTime();
    CompletableFuture<Answer> later = http.getLater("/results/" + id + "?wait=25s");
    CompletableFuture<Answer> result = http.getLater("/v1/jobs/" + id + "/result?wait=25s");
    effects.release(key);
    int status = later.join().status();
    JsonNode got = result.join().json();
    if (System.nanoTime() - asked > ms(20_000).toNanos()) {
      return false;
    }
    assertThat(status).isEqualTo(200);
    assertThat(got.path("status").intValue()).isEqualTo(200);
    return true;
  }

  @Test
  void listsAreFilteredAndCutIntoPages() {
    Set<String> echoes = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      echoes.add(client.submit(NewJob.of("echo", i).queue(mine).label("run", mine)).toString());
    }
    UUID scheduled =
        client.submit(
            NewJob.of("add", Map.of("a", 1, "b", 1))
                .queue(mine)
                .label("run", "other")
                .delay(Duration.ofHours(1)));
    await().atMost(SOON).until(() -> jobs(mine).path("DONE").intValue() == 5);

    List<Integer> pages = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String next = "";
    do {
      JsonNode page = http.get("/v1/jobs?label=run:" + mine + "&limit=2" + next).json();
      pages.add(page.path("jobs").size());
      elements(page.path("jobs")).forEach(job -> seen.add(job.path("id").asText()));
      next = page.hasNonNull("next") ? "&after=" + page.path("next").asText() : null;
    } while (next != null);
    assertThat(pages.stream().filter(size -> size > 0)).containsExactly(2, 2, 1);
    assertThat(seen).isEqualTo(echoes);

    assertThat(listed("queue=" + mine)).hasSize(6);
    assertThat(listed("queue=" + mine + "&state=DONE")).containsExactlyInAnyOrderElementsOf(echoes);
    assertThat(listed("queue=" + mine + "&type=add")).containsExactly(scheduled.toString());
    assertThat(listed("queue=" + mine + "&state=FAILED")).isEmpty();
    client.cancel(scheduled);
  }

  @Test
  void queuesAreShownInFigures() {
    done(NewJob.of("echo", 1).queue(mine));
    UUID waiting = client.submit(NewJob.of("echo", 2).queue(mine).delay(Duration.ofHours(1)));

    JsonNode queue = http.get("/v1/queues/" + mine).json();
    assertThat(queue.path("queue").textValue()).isEqualTo(mine);
    assertThat(queue.at("/jobs/DONE").intValue()).isEqualTo(1);
    assertThat(queue.at("/jobs/SCHEDULED").intValue()).isEqualTo(1);
    assertThat(queue.path("submitted").intValue()).isEqualTo(2);
    assertThat(queue.path("finished").intValue()).isEqualTo(1);
    assertThat(elements(http.get("/v1/queues").json().path("queues")))
        .extracting(one -> one.path("queue").textValue())
        .contains("default", mine);
    client.cancel(waiting);
    assertThat(jobs(mine).path("CANCELLED").intValue()).isEqualTo(1);
  }

  @Test
  void workersAreShownWithWhatTheyRun() {
    UUID id = client.submit(effects.held(mine));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(workers())
                    .anySatisfy(
                        worker -> {
                          assertThat(worker.path("slots").intValue()).isPositive();
                          assertThat(worker.path("types").toString()).contains("echo", "greet");
                          assertThat(worker.path("running").toString()).contains(id.toString());
                        }));
    effects.release(mine);
    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
  }

  @Test
  void aRunningJobShowsHowFarItIs() {
    UUID id = client.submit(longSleep(100_000));

    JsonNode progress =
        await()
            .atMost(SOON)
            .until(() -> client.find(id).orElseThrow().json().path("progress"), JsonNode::isObject);

    assertThat(progress.path("percent").intValue()).isBetween(1, 99);
    assertThat(progress.path("message").textValue()).matches("slept \\d+000 of 100000 ms");
    assertThat(client.find(id).orElseThrow().progress()).isNotNull();
    client.cancel(id);
    assertThat(client.find(id).orElseThrow().json().get("progress").isNull()).isTrue();
    await().atMost(SOON).until(() -> workers().stream().noneMatch(worker -> runs(worker, id)));
  }

  private static boolean runs(JsonNode worker, UUID job) {
    return worker.path("running").findValuesAsText("job_id").contains(job.toString());
  }

  @Test
  void aJobThatDidNotStartByItsDeadlineExpires() {
    Instant soon = Instant.now().plusSeconds(6);
    UUID delayed = client.submit(effects.job(mine).delay(Duration.ofHours(1)).deadline(soon));
    UUID retrying =
        client.submit(
            NewJob.of("fail", Map.of("times", 1))
                .backoff(Duration.ofHours(1), Duration.ofHours(1))
                .deadline(soon));

    for (UUID id : List.of(delayed, retrying)) {
      JobView job = client.await(id, SOON);
      assertThat(job.state()).isEqualTo(State.EXPIRED);
      assertThat(job.note()).contains("deadline");
    }
    assertThat(effects.of(mine)).isEmpty();
  }

  @Test
  void anAttemptThatTakesTooLongIsEnded() {
    JobView job = ended(longSleep(600_000).timeout(ms(300)).maxAttempts(1));

    assertThat(job.state()).isEqualTo(State.FAILED);
    assertThat(job.error()).isEqualTo("timed out after 300 ms");
  }

  @Test
  void aPluginsHandlerRunsItsJobs() {
    // Its type is known once its worker has shown itself.
    await().atMost(SOON).until(() -> workers().toString().contains("greet"));

    JobView job = done(NewJob.of("greet", Map.of("name", "Ada")));
    assertThat(job.result().path("greeting").textValue()).isEqualTo("Hello, Ada!");
    JobView failed = ended(NewJob.of("greet", Map.of("name", " ")));
    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(failed.error()).contains("name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "add   | {\"a\":\"1\",\"b\":2}                    | /payload/a",
        "sleep | {\"ms\":-1}                             | /payload/ms",
        "fail  | {\"times\":1.5}                         | /payload/times",
        "http  | {\"url\":\"ftp://example.com/\"}        | /payload/url",
        "http  | {\"url\":\"https://e.com/\",\"method\":\"FETCH\"} | /payload/method",
        "greet | {\"name\":7}                            | /payload/name",
      })
  void aPayloadThatCanOnlyFailIsRefused(String type, String payload, String pointer) {
    // A plugin's schema is known within a second after its worker has shown itself.
    String body = "{\"type\":\"%s\",\"payload\":%s}".formatted(type, payload);
    Answer refused =
        await().atMost(SOON).until(() -> http.post("/v1/jobs", body), a -> a.status() == 422);

    assertThat(refused.string("type")).isEqualTo("urn:quikqueue:problem:invalid-payload");
    assertThat(refused.string("field")).isEqualTo("payload");
    assertThat(refused.string("pointer")).isEqualTo(pointer);
  }

  @Test
  void theTraceOfASubmitReachesTheServerThatIsCalled() {
    String body =
        "{\"type\":\"http\",\"payload\":{\"url\":\"http://%s/at-once/%s\"}}"
            .formatted(effects.hostAndPort(), mine);
    Answer submitted = http.post("/v1/jobs", body, "traceparent", TRACEPARENT);

    UUID id = UUID.fromString(submitted.string("id"));
    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    Effects.Call call = effects.of(mine).getFirst();
    assertThat(call.traceparent()).isEqualTo(TRACEPARENT);
    assertThat(call.job()).isEqualTo(id.toString());
    assertThat(call.attempt()).isEqualTo(1);
  }

  @Test
  void theApiDescribesItself() {
    JsonNode openApi = http.get("/openapi.json").json();
    assertThat(openApi.path("openapi").asText()).startsWith("3.1");
    assertThat(openApi.path("paths").fieldNames())
        .toIterable()
        .contains("/submit", "/results/{id}", "/v1/jobs", "/v1/jobs/batch", "/v1/queues");
    Answer docs = http.get("/docs");
    assertThat(docs.status()).isEqualTo(200);
    assertThat(docs.header("Content-Type")).startsWith("text/html");
  }

  @Test
  void metricsCountAJobAllItsWay() {
    done(NewJob.of("echo", 1).queue(mine));

    await()
        .atMost(SOON)
        .until(
            () ->
                system
                        .metrics("api")
                        .sum("quikqueue_jobs_submitted_total", "queue=\"" + mine + "\"")
                    == 1);
    await().atMost(SOON).until(() -> attempts(mine, "done") == 1);
    await()
        .atMost(SOON)
        .until(
            () -> system.metrics("worker").sum("quikqueue_run_seconds_count", "type=\"echo\"") > 0);
  }

  @Test
  void everyProcessSaysThatItIsHealthy() {
    for (String process : List.of("api", "consumer", "worker", "scheduler")) {
      Http admin = new Http(system.admin(process));
      // A check that takes longer than two seconds says no, whatever else the machine does.
      Answer health =
          await(process)
              .atMost(SOON)
              .until(() -> admin.get("/healthcheck"), answer -> answer.status() == 200);
      assertThat(health.json().findValues("healthy"))
          .hasSizeGreaterThan(1)
          .allMatch(JsonNode::asBoolean);
      assertThat(admin.get("/live").status()).isEqualTo(200);
      await(process).atMost(SOON).until(() -> admin.get("/ready").status() == 200);
    }
  }

  @Test
  void everyProcessAnswersOnlyWhatItIsMeantTo() {
    for (String process : List.of("api", "consumer", "worker", "scheduler")) {
      String admin = system.admin(process);
      await(process)
          .atMost(SOON)
          .until(() -> status(admin, "GET /healthcheck", "localhost") == 200);
      assertThat(status(admin, "GET /healthcheck", "evil.example")).as(process).isEqualTo(421);
      for (String odd : List.of("POST /tasks/log-level", "GET /threads", "GET /pprof", "GET /")) {
        assertThat(status(admin, odd, "localhost")).as(process + " " + odd).isEqualTo(404);
      }
    }
    assertThat(status(system.address(), "GET /v1/jobs", "localhost")).isEqualTo(200);
    assertThat(status(system.address(), "GET /v1/jobs", "evil.example")).isEqualTo(421);
  }

  @Test
  void everyRouteIsBehindTheFrontDoor() {
    JsonNode paths = http.get("/openapi.json").json().path("paths");
    assertThat(paths).hasSizeGreaterThan(9);
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          String request =
                              method.toUpperCase(Locale.ROOT)
                                  + " "
                                  + path.getKey().replaceAll("\\{[^}]*\\}", "x");
                          assertThat(status(system.address(), request, "evil.example"))
                              .as(request)
                              .isEqualTo(421);
                        }));
  }

  private static int status(String address, String request, String host) {
    String text = request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    return new RawHttp(address)
        .exchange(text.getBytes(StandardCharsets.US_ASCII), false, SOON)
        .status();
  }

  /** A job that sleeps for so long, and may. */
  private NewJob longSleep(int millis) {
    return NewJob.of("sleep", Map.of("ms", millis)).queue(mine).timeout(Duration.ofHours(1));
  }

  private JobView done(NewJob job) {
    JobView view = ended(job);
    assertThat(view.state()).as(view.json().toString()).isEqualTo(State.DONE);
    return view;
  }

  private JobView ended(NewJob job) {
    JobView view = client.await(client.submit(job), SOON);
    assertThat(view.state().terminal()).as(view.json().toString()).isTrue();
    return view;
  }

  private JobView awaitState(UUID id, State state) {
    return await()
        .atMost(SOON)
        .pollInterval(ms(20))
        .until(() -> client.find(id).orElseThrow(), job -> job.state() == state);
  }

  private JsonNode jobs(String queue) {
    return http.get("/v1/queues/" + queue).json().path("jobs");
  }

  private List<JsonNode> workers() {
    return elements(http.get("/v1/workers").json().path("workers"));
  }

  private List<String> listed(String query) {
    return elements(http.get("/v1/jobs?" + query).json().path("jobs")).stream()
        .map(job -> job.path("id").asText())
        .toList();
  }

  private double attempts(String queue, String outcome) {
    return system
        .metrics("worker")
        .sum("quikqueue_attempts_total", "queue=\"" + queue + "\"", "outcome=\"" + outcome + "\"");
  }

  private double busy() {
    return system.metrics("worker").sum("quikqueue_slots_busy");
  }

  private static List<String> ends(JobView job) {
    return elements(job.json().path("attempts")).stream()
        .map(attempt -> attempt.path("number").asInt() + " " + attempt.path("state").asText())
        .toList();
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static Duration ms(long ms) {
    return Duration.ofMillis(ms);
  }
}
