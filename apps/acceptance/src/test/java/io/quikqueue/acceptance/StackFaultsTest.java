package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.StackRun.Member;
import io.quikqueue.client.JobView;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.client.Submitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The distributed system when a worker is killed, stopped or frozen while another one lives. */
@ExtendWith(SharedSystems.class)
final class StackFaultsTest {

  /** What the stack of these tests is started with. */
  static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int HELD = 10;

  private final StackRun stack;
  private final Effects effects;
  private final QuikQueueClient client;
  private final String mine = "s" + UUID.randomUUID().toString().substring(0, 13);

  StackFaultsTest(StackRun stack, Effects effects) {
    this.stack = stack;
    this.effects = effects;
    this.client = stack.client();
  }

  @AfterEach
  void letGo() {
    effects.release(mine);
  }

  @Test
  void theJobsOfAKilledWorkerRunAgainSoonAfterTheirLease() {
    Member victim = stack.member("worker");
    List<UUID> held = holdOnTheOnlyWorker();
    stack.startWorker();

    String victims = workerOf(held.getFirst());
    victim.kill();

    await().atMost(SOON).until(() -> effects.of(mine).size() == 2 * HELD);
    effects.release(mine);
    for (UUID id : held) {
      JobView job = done(id);
      assertThat(job.attempt()).isEqualTo(2);
      assertThat(job.json().path("crashes").intValue()).isEqualTo(1);
      assertThat(job.json().at("/attempts/0/worker").textValue()).isEqualTo(victims);
    }
    assertThat(effects.of(mine)).hasSize(2 * HELD);
  }

  @Test
  void aStoppedWorkerFinishesOrHandsBackUnderLoad() {
    Member leaving = stack.member("worker");
    List<UUID> held = holdOnTheOnlyWorker();
    stack.startWorker();
    List<NewJob> load =
        IntStream.range(0, 2000).mapToObj(i -> NewJob.of("echo", i).queue(mine)).toList();
    List<Submitted> submitted = client.submitAll(load);

    leaving.terminate();
    submitted = new ArrayList<>(submitted);
    submitted.addAll(client.submitAll(load));

    leaving.awaitEnd(SOON);
    await().atMost(SOON).until(() -> effects.of(mine).size() == 2 * HELD);
    effects.release(mine);
    for (UUID id : held) {
      assertThat(done(id).json().path("crashes").intValue()).isZero();
    }
    assertThat(effects.of(mine)).extracting(Effects.Call::attempt).containsOnly(1);
    await().atMost(SOON).until(() -> inQueue().at("/jobs/DONE").intValue() == 2 * load.size());
    assertThat(submitted).allMatch(answer -> answer.id() != null);
    for (JsonNode job : listed()) {
      assertThat(job.path("attempt").intValue()).as(job.toString()).isEqualTo(1);
    }
  }

  @Test
  void theLateResultOfAFrozenWorkerIsRefused() {
    Member frozen = stack.member("worker");
    List<UUID> held = holdOnTheOnlyWorker();
    stack.startWorker();
    try {
      frozen.pause();
      await().atMost(SOON).until(() -> effects.of(mine).size() == 2 * HELD);
      effects.release(mine);
      held.forEach(this::done);
    } finally {
      frozen.resume();
    }

    Http admin = new Http(frozen.admin());
    await()
        .atMost(SOON)
        .until(() -> Metrics.of(admin.get("/metrics")).sum("quikqueue_slots_busy") == 0);
    for (UUID id : held) {
      JobView job = client.find(id).orElseThrow();
      assertThat(job.state()).isEqualTo(State.DONE);
      assertThat(job.json().path("attempts")).hasSize(2);
      assertThat(job.json().at("/attempts/0/state").textValue()).isEqualTo("CRASHED");
      assertThat(job.json().at("/attempts/1/state").textValue()).isEqualTo("DONE");
    }
    frozen.terminate();
    frozen.awaitEnd(SOON);
  }

  @Test
  void jobsGoToWorkersThatHaveTheirTypeAndWaitWhileThereIsNone() {
    Member having = stack.member("worker");
    Member lacking = stack.startWorker(Map.of("QQ_PLUGINS", "/no/such/folder"));
    client.submitAll(IntStream.range(0, 200).mapToObj(this::greeting).toList());
    await().atMost(SOON).until(() -> inQueue().at("/jobs/DONE").intValue() == 200);
    assertThat(listed()).allMatch(job -> job.path("attempt").intValue() == 1);

    having.terminate();
    having.awaitEnd(SOON);
    UUID waiting = client.submit(greeting(200));
    awaitReason(waiting, "no living worker has a handler for type \"greet\"");

    stack.startWorker();
    assertThat(done(waiting).attempt()).isOne();
    lacking.terminate();
    lacking.awaitEnd(SOON);
  }

  @Test
  void aJobThatIsOnItsWaySaysWhereItWaits() {
    List<Member> frozen = Stream.of("kafka", "consumer", "redis").map(stack::member).toList();
    UUID waiting;
    try {
      frozen.get(0).pause();
      frozen.get(1).pause();
      waiting = client.submit(NewJob.of("echo", 1).queue(mine));
      awaitReason(waiting, "it is stored since ");

      frozen.get(0).resume();
      awaitReason(waiting, "it is announced and not in the ready queue yet");

      frozen.get(2).pause();
      awaitReason(waiting, "the ready queue is out of reach");
    } finally {
      frozen.forEach(Member::resume);
    }
    done(waiting);
  }

  private void awaitReason(UUID job, String start) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(client.find(job).orElseThrow().json().path("waiting_for").textValue())
                    .startsWith(start));
  }

  private NewJob greeting(int i) {
    return NewJob.of("greet", Map.of("name", "n" + i)).queue(mine);
  }

  private List<UUID> holdOnTheOnlyWorker() {
    List<UUID> held = new ArrayList<>();
    for (int i = 0; i < HELD; i++) {
      held.add(client.submit(effects.held(mine)));
    }
    await().atMost(SOON).until(() -> effects.of(mine).size() == HELD);
    held.forEach(
        id ->
            await()
                .atMost(SOON)
                .until(() -> client.find(id).orElseThrow().state() == State.RUNNING));
    return held;
  }

  private String workerOf(UUID job) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                StreamSupport.stream(
                        stack.http().get("/v1/workers").json().path("workers").spliterator(), false)
                    .filter(worker -> worker.path("running").toString().contains(job.toString()))
                    .map(worker -> worker.path("id").textValue())
                    .findAny()
                    .orElse(""),
            id -> !id.isEmpty());
  }

  private JobView done(UUID id) {
    JobView job = client.await(id, SOON);
    assertThat(job.state()).as(job.json().toString()).isEqualTo(State.DONE);
    return job;
  }

  private JsonNode inQueue() {
    return stack.http().get("/v1/queues/" + mine).json();
  }

  private List<JsonNode> listed() {
    JsonNode page = stack.http().get("/v1/jobs?limit=500&queue=" + mine).json();
    return StreamSupport.stream(page.path("jobs").spliterator(), false).toList();
  }
}
