package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.TakeRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every ready queue guarantees of leases: one worker has an attempt at a time, and a rescuer
 * gets it only after its lease has expired.
 */
public abstract class ReadyQueueLeaseContract extends ReadyQueueContract {

  @Test
  void handsOverALeaseOnlyAfterItExpired() throws Exception {
    Job expired;
    List<ExpiredLease> early;
    long begun;
    do { // again when this machine stood still for longer than the lease lasts
      begun = System.nanoTime();
      expired = message("a", 5);
      Job alive = message("a", 5);
      push(expired, alive);
      queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
      take("v", 1);
      early = queue.reclaimExpired("r", 10, LONG);
    } while (!early.isEmpty() && isLate(begun));
    assertThat(early).isEmpty();

    letPass(SHORT);

    assertThat(take("v", 10)).isEmpty();
    List<ExpiredLease> rescued = queue.reclaimExpired("r", 10, LONG);
    assertThat(rescued).extracting(ExpiredLease::attempt).containsExactly(id(expired));
    assertThat(rescued.getFirst().updatedAt()).isEqualTo(expired.updatedAt());
    assertThat(rescued.getFirst().holder()).isEqualTo("w");
    assertThat(queue.reclaimExpired("s", 10, LONG)).isEmpty();
    assertThat(extend("w", List.of(expired), LONG)).containsExactly(id(expired));
    assertThat(extend("r", List.of(expired), LONG)).isEmpty();
  }

  @Test
  void handsOverAgainWhatARescuerLeft() throws Exception {
    push(messages("a", 3));
    queue.take(TakeRequest.ofAllTypes("w", ALL, 3, SHORT, ZERO));
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 1, LONG)).hasSize(1);
    assertThat(queue.reclaimExpired("r", 10, SHORT)).hasSize(2);
    letPass(SHORT);
    assertThat(queue.reclaimExpired("s", 10, LONG))
        .extracting(ExpiredLease::holder)
        .containsExactly("r", "r");
  }

  @Test
  void saysWhoHeldALeaseWhateverTheName() throws Exception {
    for (String holder : List.of("a host:4711:Ünïcode '\" \\ %", " ", "rescue:x", "5 q/t w")) {
      Job job = message("a", 5);
      push(job);
      assertThat(queue.take(TakeRequest.ofAllTypes(holder, ALL, 1, SHORT, ZERO))).hasSize(1);
      letPass(SHORT);

      assertThat(queue.reclaimExpired("r", 1, LONG))
          .extracting(ExpiredLease::holder)
          .containsExactly(holder);
      queue.ack(List.of(id(job)));
    }
  }

  @Test
  void extendRenewsALease() throws Exception {
    Job job = message("a", 5);
    push(job);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
  }

  @Test
  void extendRenewsALeaseThatNobodyRescuedYet() throws Exception {
    Job job = message("a", 5);
    push(job);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    letPass(SHORT);

    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
  }

  @Test
  void extendAssertsAnUnknownAttempt() throws Exception {
    Job job = message("a", 5);

    assertThat(extend("w", List.of(job), SHORT)).isEmpty();
    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(extend("v", List.of(job), SHORT)).containsExactly(id(job));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG))
        .singleElement()
        .satisfies(
            expired -> {
              assertThat(expired.attempt()).isEqualTo(id(job));
              assertThat(expired.updatedAt()).isEqualTo(job.updatedAt());
              assertThat(expired.holder()).isEqualTo("w");
            });
  }

  @Test
  void extendTakesAReadyAttemptBack() throws Exception {
    Job job = message("a", 5);
    push(job);

    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    assertThat(queue.depth()).containsEntry("a", 0L);
    assertThat(take("v", 10)).isEmpty();
  }

  @Test
  void extendReplacesAnOlderAttempt() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);

    assertThat(extend("w", List.of(second), LONG)).isEmpty();
    assertThat(take("v", 10)).isEmpty();
    assertThat(extend("v", List.of(first), LONG)).containsExactly(id(first));
  }

  @Test
  void extendReportsWhatIsLost() throws Exception {
    Job mine = message("a", 5);
    Job finished = message("a", 5);
    Job replaced = message("a", 5);
    Job others = message("a", 5);
    push(mine, finished, replaced);
    take("w", 3);
    push(others);
    take("v", 1);
    queue.ack(List.of(id(finished)));
    push(later(replaced));

    assertThat(extend("w", List.of(mine, finished, replaced, others), LONG))
        .containsExactlyInAnyOrder(id(finished), id(replaced), id(others));
    assertThat(extend("w", List.of(), LONG)).isEmpty();
  }

  @Test
  void ackForgetsLeasedAndReadyAttempts() throws Exception {
    Job leased = message("a", 5);
    Job ready = message("a", 5);
    push(leased, ready);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));

    queue.ack(List.of(id(leased), id(ready)));
    queue.ack(List.of(id(leased)));
    queue.ack(List.of());

    assertThat(take("w", 10)).isEmpty();
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
  }

  @Test
  void ackRemembersWhatItDidNotKnow() throws Exception {
    Job job = message("a", 5);
    queue.ack(List.of(id(job)));

    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(extend("w", List.of(job), LONG)).containsExactly(id(job));
  }

  @Test
  void ackOfALaterAttemptForgetsTheEarlier() throws Exception {
    Job first = message("a", 5);
    push(first);

    queue.ack(List.of(id(later(first))));

    assertThat(take("w", 10)).isEmpty();
  }

  @Test
  void ackOfSeveralAttemptsAtOnceRemembersTheLatest() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);
    take("w", 1);

    queue.ack(List.of(id(second), id(first)));

    assertThat(push(second)).containsEntry("a", 0L);
    assertThat(push(later(second))).containsEntry("a", 1L);
  }

  @Test
  void releasedJobsGoAheadOfTheirPriority() throws Exception {
    Job released = message("a", 5);
    push(released);
    take("w", 1);
    Job better = message("a", 4);
    Job same = message("a", 5);
    push(same, better);

    queue.release("w", List.of(released));

    List<Job> taken = take("v", 10);
    assertThat(ids(taken)).containsExactly(id(better), id(released), id(same));
    assertThat(taken.get(1)).isEqualTo(released);
  }

  @Test
  void releasedJobsBearTheMessageTheyCameBackWith() throws Exception {
    Job pushed = message("a", 5);
    Job back = pushed.release(NOW.plusSeconds(1)).after();
    push(pushed);
    take("w", 1);

    queue.release("w", List.of(back));

    assertThat(take("v", 1)).singleElement().isEqualTo(back);
  }

  @Test
  void releasesOnlyWhatTheWorkerHasLeased() throws Exception {
    Job others = message("a", 5);
    Job finished = message("a", 5);
    Job unknown = message("a", 5);
    push(others, finished);
    take("v", 1);
    take("w", 1);
    queue.ack(List.of(id(finished)));

    queue.release("w", List.of(others, finished, unknown, later(others)));

    assertThat(take("w", 10)).isEmpty();
    assertThat(extend("v", List.of(others), LONG)).isEmpty();
  }
}
