package io.quikqueue.domain.usecase.run;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.QueueTurn;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which a worker serves queues with weights. */
class QueueTurnsTest {

  private final Jobs jobs = new Jobs();
  private final InMemoryReadyQueue ready =
      new InMemoryReadyQueue(() -> Instant.parse("2026-05-01T00:00:00Z"));
  private final QueueTurns turns = new QueueTurns(Map.of("a", 5, "b", 1, "c", 1));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void eachQueueGetsItsShareHoweverManyAreTakenAtOnce(int limit) throws InterruptedException {
    push("a", 400);
    push("b", 400);
    push("c", 400);

    List<String> taken = take(limit, 420);

    assertThat(Collections.frequency(taken, "a")).isBetween(285, 315);
    assertThat(Collections.frequency(taken, "b")).isBetween(50, 70);
    assertThat(Collections.frequency(taken, "c")).isBetween(50, 70);
    for (int from = 0; from + 21 <= taken.size(); from++) {
      assertThat(taken.subList(from, from + 21)).as("no queue waits for long").contains("b", "c");
    }
  }

  @Test
  void aQueueWithoutJobsCostsNothingAndHasNothingToCatchUp() throws InterruptedException {
    push("b", 200);
    push("c", 200);
    List<String> before = take(1, 200);
    assertThat(Collections.frequency(before, "b")).isBetween(98, 102);

    push("a", 200);
    List<String> after = take(1, 70);
    assertThat(after.getFirst()).isEqualTo("a");
    assertThat(Collections.frequency(after, "a")).isBetween(48, 52);
  }

  @Test
  void withoutWeightsThereIsNoOrder() {
    QueueTurns none = new QueueTurns(Map.of());
    none.took(List.of(jobs.aQueuedJob()));

    assertThat(none.next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 101})
  void aWeightIsFromOneToAHundred(int weight) {
    assertThatIllegalArgumentException().isThrownBy(() -> new QueueTurn("a", weight));
    assertThat(new QueueTurn("a", 1).weight()).isOne();
    assertThat(new QueueTurn("a", 100).weight()).isEqualTo(100);
  }

  private void push(String queue, int count) {
    ready.push(IntStream.range(0, count).mapToObj(_ -> jobs.aJob().queue(queue).queued()).toList());
  }

  private List<String> take(int limit, int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      List<Job> next =
          ready.take(
              new TakeRequest(
                  "w",
                  Set.of("a", "b", "c"),
                  Set.of(),
                  limit,
                  QueueRoom.UNLIMITED,
                  Duration.ofMinutes(1),
                  ZERO,
                  LimitTable.EMPTY,
                  turns.next()));
      turns.took(next);
      next.forEach(job -> taken.add(job.spec().queue()));
    }
    return taken;
  }
}
