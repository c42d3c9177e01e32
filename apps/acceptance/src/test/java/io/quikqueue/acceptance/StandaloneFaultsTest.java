package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.servers.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one-process service, killed, stopped and started again. */
@OwnProcesses
@ExtendWith(SharedSystems.class)
final class StandaloneFaultsTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int SLOTS = 4;

  private final Effects effects;
  private final String mine = "f" + UUID.randomUUID().toString().substring(0, 13);
  private Standalone up;

  StandaloneFaultsTest(Effects effects) {
    this.effects = effects;
  }

  @AfterEach
  void stop() {
    effects.release(mine);
    if (up != null) {
      up.close();
    }
  }

  @Test
  void whatWasAcceptedFinishesAfterAKill() throws SQLException {
    start("30s");
    List<UUID> running = submit(SLOTS, effects.held(mine));
    running.forEach(id -> awaitState(id, State.RUNNING));
    List<UUID> queued = submit(20, effects.job(mine + "-queued"));
    List<UUID> delayed = submit(2, effects.job(mine + "-delayed").delay(Duration.ofMillis(800)));
    UUID later = client().submit(effects.job(mine + "-later").delay(Duration.ofHours(1)));

    up.kill();
    up.start();

    await().atMost(SOON).until(() -> effects.of(mine).size() == 2 * SLOTS);
    effects.release(mine);
    for (UUID id : running) {
      JobView job = done(id);
      assertThat(job.attempt()).isEqualTo(2);
      assertThat(job.json().path("crashes").intValue()).isEqualTo(1);
      assertThat(job.json().at("/attempts/0/worker").textValue()).isNotBlank();
    }
    queued.forEach(this::done);
    delayed.forEach(this::done);
    assertThat(client().find(later).orElseThrow().state()).isEqualTo(State.SCHEDULED);
    assertThat(effects.of(mine + "-queued"))
        .extracting(Effects.Call::job)
        .containsExactlyInAnyOrderElementsOf(queued.stream().map(UUID::toString).toList());
    assertThat(effects.of(mine + "-delayed")).hasSize(2);
    assertThat(effects.of(mine + "-later")).isEmpty();

    assertThat(up.terminate(SOON)).isTrue();
    assertThat(integrity()).isEqualTo("ok");
  }

  @Test
  void aKeyStandsForTheSameJobAfterAKill() {
    start("30s");
    String body = "{\"text\":\"once\"}";
    Answer first = up.http().post("/submit", body, "Idempotency-Key", mine);

    up.kill();
    up.start();

    Answer again = up.http().post("/submit", body, "Idempotency-Key", mine);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.string("id")).isEqualTo(first.string("id"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    Answer other = up.http().post("/submit", "{\"text\":\"two\"}", "Idempotency-Key", mine);
    assertThat(other.status()).isEqualTo(422);
    done(UUID.fromString(first.string("id")));
  }

  @Test
  void aStopLetsRunningJobsFinish() {
    start("3m");
    UUID id = client().submit(effects.held(mine));
    awaitState(id, State.RUNNING);

    CompletableFuture<Boolean> stop = CompletableFuture.supplyAsync(() -> up.terminate(SOON));
    await().atMost(SOON).until(() -> up.output().contains("event=worker_draining"));
    effects.release(mine);
    assertThat(stop.join()).isTrue();
    up.start();

    JobView job = client().find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(State.DONE);
    assertThat(job.attempt()).isEqualTo(1);
  }

  @Test
  void aStopHandsUnfinishedJobsBackWithoutBurningAnAttempt() {
    start("1s");
    UUID id = client().submit(effects.held(mine));
    awaitState(id, State.RUNNING);

    assertThat(up.terminate(SOON)).isTrue();
    up.start();

    await().atMost(SOON).until(() -> effects.of(mine).size() == 2);
    effects.release(mine);
    JobView job = done(id);
    assertThat(effects.of(mine)).extracting(Effects.Call::attempt).containsExactly(1, 1);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.json().path("crashes").intValue()).isZero();
    assertThat(job.json().path("failures").intValue()).isZero();
  }

  @Test
  void whatKeepsItFromStartingIsToldInOneLine() {
    start("30s");

    assertThat(refusal(up.startAnotherOnTheSameData()))
        .isEqualTo(
            "quikqueue: another QuikQueue process works in %s; choose another with --data"
                .formatted(up.data()));
    assertThat(refusal(up.startAnotherOnTheSamePort()))
        .startsWith("quikqueue: cannot listen on 127.0.0.1:")
        .contains("; choose another with --port or --admin-port")
        .hasLineCount(1);
    assertThat(up.otherData()).as("made for nothing").doesNotExist();
    assertThat(up.http().get("/v1/queues").status()).isEqualTo(200);
  }

  /** A file may not grow, which to the process is what a full disk is. */
  @Test
  void aFullDiskIsToldAndNothingAcceptedIsLost() throws Exception {
    Path prlimit = Path.of("/usr/bin/prlimit");
    assumeTrue(Files.isExecutable(prlimit), "there is no prlimit (util-linux) here");
    start("30s");
    List<UUID> accepted = new ArrayList<>(submit(20, effects.job(mine)));
    accepted.forEach(this::done);
    UUID delayed = client().submit(effects.job(mine + "-delayed").delay(Duration.ofSeconds(2)));
    accepted.add(delayed);

    up.limitFiles("1");
    Answer refused = awaitSubmit(accepted, 503);
    assertThat(refused.string("type")).isEqualTo("urn:quikqueue:problem:unavailable");
    await().atMost(SOON).until(() -> ready().status() == 503);
    Http admin = new Http(up.admin("standalone"));
    await().atMost(SOON).until(() -> admin.get("/healthcheck").status() == 500);
    assertThat(up.http().get("/").status()).isEqualTo(200);

    up.limitFiles("unlimited");
    awaitSubmit(accepted, 202);
    await().atMost(SOON).until(() -> ready().status() == 200);
    accepted.forEach(this::done);
    up.kill();
    up.start();
    accepted.forEach(this::done);
    assertThat(up.terminate(SOON)).isTrue();
    assertThat(integrity()).isEqualTo("ok");
  }

  private Answer ready() {
    return new Http(up.admin("standalone")).get("/ready");
  }

  /** Submits until it is answered so, and keeps what was accepted. */
  private Answer awaitSubmit(List<UUID> accepted, int status) {
    return await()
        .atMost(SOON)
        .until(
            () -> {
              Answer answer = up.http().post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}");
              if (answer.status() == 202) {
                accepted.add(UUID.fromString(answer.string("id")));
              }
              return answer;
            },
            answer -> answer.status() == status);
  }

  @Test
  void theMostUrgentRunsFirstAndACancelledOneNotAtAll() {
    start("30s", 1);
    UUID running = client().submit(effects.held(mine));
    await().atMost(SOON).until(() -> effects.of(mine).size() == 1);
    UUID cancelled = client().submit(effects.job(mine + "-cancelled").priority(0));
    List<UUID> last = submit(3, effects.job(mine + "-line").priority(9));
    List<UUID> middle = submit(3, effects.job(mine + "-line"));
    List<UUID> first = submit(3, effects.job(mine + "-line").priority(0));
    await().atMost(SOON).until(() -> up.metrics("standalone").sum("quikqueue_ready_jobs") == 10);

    client().cancel(cancelled);
    effects.release(mine);

    done(running);
    List<UUID> line = Stream.of(first, middle, last).flatMap(List::stream).toList();
    line.forEach(this::done);
    assertThat(effects.of(mine + "-line"))
        .extracting(Effects.Call::job)
        .containsExactlyElementsOf(line.stream().map(UUID::toString).toList());
    assertThat(effects.of(mine + "-cancelled")).isEmpty();
  }

  private void start(String drain) {
    start(drain, SLOTS);
  }

  private void start(String drain, int slots) {
    up =
        Standalone.start(
            Map.of("QQ_ALLOW", effects.hostAndPort(), "QQ_SLOTS", "" + slots, "QQ_DRAIN", drain));
  }

  private QuikQueueClient client() {
    return up.client();
  }

  private List<UUID> submit(int count, NewJob job) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(client().submit(job));
    }
    return ids;
  }

  private void awaitState(UUID id, State state) {
    await().atMost(SOON).until(() -> client().find(id).orElseThrow().state() == state);
  }

  private JobView done(UUID id) {
    JobView job = client().await(id, SOON);
    assertThat(job.state()).as(job.json().toString()).isEqualTo(State.DONE);
    return job;
  }

  private static String refusal(ChildProcess second) {
    boolean ended = second.await(SOON);
    if (!ended) {
      second.kill();
    }
    assertThat(ended).isTrue();
    assertThat(second.exitCode()).isNotZero();
    return second.logTail(100);
  }

  private String integrity() throws SQLException {
    try (Connection sqlite =
            DriverManager.getConnection("jdbc:sqlite:" + up.data().resolve("quikqueue.db"));
        ResultSet answer = sqlite.createStatement().executeQuery("PRAGMA integrity_check")) {
      answer.next();
      return answer.getString(1);
    }
  }
}
