package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.QueueTurn;
import io.quikqueue.domain.port.TakeRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every ready queue guarantees of taking: those asked for, in order of priority then arrival,
 * queues in turn, and no more than there is room for.
 */
public abstract class ReadyQueueTakeContract extends ReadyQueueContract {

  @Test
  void takesFromTheNamedQueuesOnly() throws Exception {
    push(message("a", 5), message("b", 5), message("c", 5));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of("x"), 10, LONG, ZERO))).isEmpty();
    assertThat(queue.take(TakeRequest.ofAllTypes("w", List.of("c", "x", "a"), 10, LONG, ZERO)))
        .extracting(taken -> taken.spec().queue())
        .containsExactlyInAnyOrder("a", "c");
    assertThat(take("w", 10)).extracting(taken -> taken.spec().queue()).containsExactly("b");
  }

  @Test
  void takesTheTypesAskedForOnly() throws Exception {
    Job greet = message("a", "greet", 5);
    Job report = message("a", "report", 5);
    Job other = message("b", "report", 5);
    push(greet, report, other);

    assertThat(takeTypes(Set.of("mail"), 10)).isEmpty();
    assertThat(ids(takeTypes(Set.of("greet", "mail"), 10))).containsExactly(id(greet));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1L, "b", 1L));
    assertThat(ids(takeTypes(Set.of("report", "greet"), 10)))
        .containsExactlyInAnyOrder(id(report), id(other));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 0L, "b", 0L));
  }

  @Test
  void servesPrioritiesThenArrivalAcrossTheTypesOfAQueue() throws Exception {
    Job low = message("a", "greet", 9);
    Job first = message("a", "report", 5);
    Job unwanted = message("a", "mail", 0);
    Job second = message("a", "greet", 5);
    Job third = message("a", "report", 5);
    Job top = message("a", "report", 0);
    push(low, first, unwanted);
    push(second, third, top);
    Set<String> types = Set.of("greet", "report");

    assertThat(ids(takeTypes(types, 1))).containsExactly(id(top));
    queue.release("w", List.of(top));
    assertThat(ids(takeTypes(types, 3))).containsExactly(id(top), id(first), id(second));
    assertThat(ids(takeTypes(types, 10))).containsExactly(id(third), id(low));
    assertThat(ids(take("w", 10))).containsExactly(id(unwanted));
  }

  @Test
  void jobsThatNobodyTakesKeepNoOtherFromBeingTaken() throws Exception {
    for (int i = 0; i < 40; i++) {
      push(messages("orphans-" + i, 20));
    }
    Job wanted = message("z", "greet", 9);
    Job beside = message("orphans-0", "greet", 9);
    push(wanted, beside);

    assertThat(ids(takeTypes(Set.of("greet"), 1))).hasSize(1);
    assertThat(ids(takeTypes(Set.of("greet"), 1))).hasSize(1);
    assertThat(queue.depth()).containsEntry("orphans-0", 20L).containsEntry("z", 0L);
    assertThat(ids(take("w", 1000))).hasSize(800);
  }

  @Test
  void aReleasedOrRescuedJobWaitsForOneThatTakesItsType() throws Exception {
    Job job = message("a", "greet", 5);
    push(job);
    take(new TakeRequest("w", ALL, ALL, 1, QueueRoom.UNLIMITED, SHORT, ZERO));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("rescuer", 10, LONG)).hasSize(1);

    queue.release("rescuer", List.of(job));

    assertThat(takeTypes(Set.of("report"), 10)).isEmpty();
    assertThat(ids(takeTypes(Set.of("greet"), 10))).containsExactly(id(job));
  }

  @Test
  void takesNoMoreOfAQueueThanThereIsRoomFor() throws Exception {
    push(messages("a", 10));
    push(messages("b", 2));
    push(messages("c", 10));
    QueueRoom room = new QueueRoom(4, Map.of("a", 4, "c", 1));

    assertThat(take(new TakeRequest("w", ALL, ALL, 100, room, LONG, ZERO)))
        .extracting(taken -> taken.spec().queue())
        .containsExactlyInAnyOrder("b", "b", "c", "c", "c");
    assertThat(queue.depth())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", 10L, "b", 0L, "c", 7L));
    assertThat(take(new TakeRequest("w", Set.of("a"), ALL, 100, room, LONG, ZERO))).isEmpty();
    assertThat(take("w", 100)).hasSize(17);
  }

  @Test
  void roomIsForAllTypesOfAQueueTogether() throws Exception {
    Job first = message("a", "greet", 5);
    Job second = message("a", "report", 5);
    push(first, second, message("a", "greet", 5), message("a", "report", 5));
    QueueRoom room = new QueueRoom(2, Map.of());

    assertThat(
            ids(take(new TakeRequest("w", ALL, Set.of("greet", "report"), 100, room, LONG, ZERO))))
        .containsExactly(id(first), id(second));
  }

  @Test
  void servesQueuesInTheOrderOfTheTurnsThatAreAskedFor() throws Exception {
    push(messages("a", 3));
    push(messages("b", 3));
    push(messages("c", 3));

    assertThat(takeInTurns(1, new QueueTurn("c", 1), new QueueTurn("a", 9))).containsExactly("c");
    assertThat(takeInTurns(1, new QueueTurn("a", 1), new QueueTurn("c", 9))).containsExactly("a");
    assertThat(takeInTurns(1, new QueueTurn("none", 9), new QueueTurn("c", 1)))
        .as("a queue without jobs costs no turn")
        .containsExactly("c");
    assertThat(takeInTurns(100, new QueueTurn("c", 1), new QueueTurn("a", 9)))
        .as("no other queue")
        .containsExactlyInAnyOrder("a", "a", "c");
  }

  @Test
  void servesQueuesByTheirWeights() throws Exception {
    push(messages("a", 40));
    push(messages("b", 40));
    push(messages("c", 2));
    QueueTurn[] turns = {new QueueTurn("a", 5), new QueueTurn("b", 1), new QueueTurn("c", 4)};

    List<String> taken = takeInTurns(10, turns);
    assertThat(taken).hasSize(10);
    assertThat(Collections.frequency(taken, "c")).isEqualTo(2);
    assertThat(Collections.frequency(taken, "b")).isBetween(1, 2);
  }

  @Test
  void aShareThatAQueueCannotUseIsForTheOthers() throws Exception {
    push(messages("a", 2));
    push(messages("b", 30));
    QueueRoom room = new QueueRoom(20, Map.of("c", 20));
    push(messages("c", 5));
    List<QueueTurn> turns =
        List.of(new QueueTurn("c", 100), new QueueTurn("a", 10), new QueueTurn("b", 1));

    assertThat(
            take(
                new TakeRequest(
                    "w",
                    Set.of("a", "b", "c"),
                    ALL,
                    12,
                    room,
                    LONG,
                    ZERO,
                    LimitTable.EMPTY,
                    turns)))
        .extracting(taken -> taken.spec().queue())
        .containsOnly("a", "b")
        .hasSize(12);
  }

  private List<String> takeInTurns(int limit, QueueTurn... turns) throws InterruptedException {
    Set<String> queues = Stream.of(turns).map(QueueTurn::queue).collect(Collectors.toSet());
    TakeRequest request =
        new TakeRequest(
            "w",
            queues,
            ALL,
            limit,
            QueueRoom.UNLIMITED,
            LONG,
            ZERO,
            LimitTable.EMPTY,
            List.of(turns));
    return queue.take(request).stream().map(taken -> taken.spec().queue()).toList();
  }

  @Test
  void servesQueuesInTurn() throws Exception {
    for (int i = 0; i < 20; i++) {
      push(message("a", 5));
    }
    push(message("b", 5), message("b", 5), message("c", 5));

    List<String> served = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      served.add(take("w", 1).getFirst().spec().queue());
    }
    assertThat(served.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(served.subList(3, 5)).containsExactlyInAnyOrder("a", "b");
    assertThat(served.getLast()).isEqualTo("a");
  }

  @Test
  void sharesALargeTakeAmongQueues() throws Exception {
    List<Job> a = messages("a", 50);
    List<Job> b = messages("b", 3);
    List<Job> c = messages("c", 50);
    push(a);
    push(b);
    push(c);

    List<AttemptId> taken = ids(take("w", 13));

    assertThat(taken).hasSize(13).containsSubsequence(ids(b.subList(0, 3)));
    assertThat(taken).containsSubsequence(ids(a.subList(0, 5)));
    assertThat(taken).containsSubsequence(ids(c.subList(0, 5)));
    assertThat(take("w", 1000)).hasSize(90);
  }

  @Test
  void takesNoMoreThanTheLimit() throws Exception {
    List<Job> pushed = messages("a", 10);
    push(pushed);

    assertThat(ids(take("w", 3))).isEqualTo(ids(pushed.subList(0, 3)));
    assertThat(ids(take("w", 3))).isEqualTo(ids(pushed.subList(3, 6)));
    assertThat(ids(take("w", 9))).isEqualTo(ids(pushed.subList(6, 10)));
    assertThat(take("w", 9)).isEmpty();
  }
}
