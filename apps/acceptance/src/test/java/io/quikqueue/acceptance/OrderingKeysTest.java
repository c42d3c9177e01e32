package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Jobs of one ordering key run one at a time in the order in which they were submitted, as the
 * world outside sees it, though their worker is killed while the first of them runs.
 */
@ExtendWith(SharedSystems.class)
final class OrderingKeysTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int SLOTS = 4;
  private static final int LENGTH = 12;

  private final Effects effects;
  private final String mine = "o" + UUID.randomUUID().toString().substring(0, 13);

  OrderingKeysTest(Effects effects) {
    this.effects = effects;
  }

  @AfterEach
  void letGo() {
    effects.release(mine);
  }

  @Test
  void orderIsKeptOnOneProcessThoughItIsKilled() {
    Map<String, String> env =
        Map.of("QQ_ALLOW", effects.hostAndPort(), "QQ_SLOTS", Integer.toString(SLOTS));
    try (Standalone up = Standalone.start(env)) {
      List<UUID> line = line(up.client());

      up.kill();
      up.start();

      ends(up.client(), line);
      aFailedHeadHoldsItsLineUntilItIsRetriedOrSkipped(up.client());
    }
  }

  @Test
  void orderIsKeptOnTheStackThoughAWorkerIsKilled(StackRun stack) {
    Member victim = stack.member("worker");
    List<UUID> line = line(stack.client());
    stack.startWorker();

    victim.kill();

    ends(stack.client(), line);
    aFailedHeadHoldsItsLineUntilItIsRetriedOrSkipped(stack.client());
  }

  /**
   * Submits a line whose first job runs until it is let go, and whose second one fails twice; waits
   * until the first runs.
   */
  private List<UUID> line(QuikQueueClient client) {
    List<NewJob> line = new ArrayList<>();
    line.add(effects.held(mine));
    line.add(effects.unavailable(mine).maxAttempts(2).fixedDelay(Duration.ofMillis(200)));
    while (line.size() < LENGTH) {
      line.add(effects.job(mine).priority(9 - line.size() % 10));
    }
    List<UUID> ids =
        client
            .submitAll(line.stream().map(job -> job.queue(mine).orderingKey("k")).toList())
            .stream()
            .map(Submitted::id)
            .toList();
    await().atMost(SOON).until(() -> state(client, ids.getFirst()) == State.RUNNING);
    assertThat(ids.subList(1, LENGTH)).allMatch(id -> state(client, id) == State.WAITING);
    assertThat(client.find(ids.get(2)).orElseThrow().json().path("waiting_for").textValue())
        .isEqualTo("it waits for job " + ids.get(1) + " of its ordering key");
    return ids;
  }

  /** Lets the line go on once its first job runs again, and looks at what it did. */
  private void ends(QuikQueueClient client, List<UUID> line) {
    await().atMost(SOON).until(() -> effects.of(mine).size() == 2);
    effects.release(mine);
    line.forEach(id -> over(client, id));

    List<String> order = new ArrayList<>();
    order.add(line.getFirst().toString()); // whose worker was killed
    order.add(line.getFirst().toString());
    order.add(line.get(1).toString());
    line.stream().skip(1).map(UUID::toString).forEach(order::add);
    assertThat(effects.of(mine)).extracting(Effects.Call::job).isEqualTo(order);
    assertThat(state(client, line.getFirst())).isEqualTo(State.DONE);
    assertThat(state(client, line.get(1))).isEqualTo(State.FAILED);
    assertThat(state(client, line.getLast())).isEqualTo(State.DONE);
  }

  private void aFailedHeadHoldsItsLineUntilItIsRetriedOrSkipped(QuikQueueClient client) {
    List<NewJob> line =
        List.of(effects.unavailable(mine).maxAttempts(1), effects.job(mine), effects.job(mine));
    List<UUID> ids =
        client
            .submitAll(
                line.stream()
                    .map(job -> job.queue(mine).orderingKey("held").holdsLineWhenFailed())
                    .toList())
            .stream()
            .map(Submitted::id)
            .toList();
    UUID head = ids.getFirst();
    for (int time = 0; time < 2; time++) {
      await().atMost(SOON).until(() -> state(client, head) == State.FAILED);
      assertThat(state(client, ids.get(1))).isEqualTo(State.WAITING);
      assertThat(client.find(ids.get(1)).orElseThrow().json().path("waiting_for").textValue())
          .contains(head.toString(), "retried or skipped");
      if (time == 0) {
        client.retry(head);
      }
    }

    client.skip(head);

    over(client, ids.get(2));
    assertThat(state(client, head)).isEqualTo(State.FAILED);
    assertThat(state(client, ids.get(1))).isEqualTo(State.DONE);
  }

  private static void over(QuikQueueClient client, UUID id) {
    JobView job = client.await(id, SOON);
    assertThat(job.state()).as(job.json().toString()).isIn(State.DONE, State.FAILED);
  }

  private static State state(QuikQueueClient client, UUID id) {
    return client.find(id).orElseThrow().state();
  }
}
