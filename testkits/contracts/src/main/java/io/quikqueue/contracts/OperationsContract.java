package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.Operation.Action;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.port.OperationStep;
import io.quikqueue.domain.port.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Operations} guarantees. */
public abstract class OperationsContract extends StoreContract {

  private static final JobFilter FAILED =
      new JobFilter(JobState.FAILED, null, null, Map.of(), null);
  private static final Set<OperationState> UNDER_WAY =
      Set.of(OperationState.RUNNING, OperationState.PAUSED);
  private static final OperationStep STEP = new OperationStep(7, 4, 2, 1);

  private Operations operations;

  @BeforeEach
  void setOperations() {
    operations = stores.operations();
  }

  @Test
  void thereAreNoneAtFirst() {
    assertThat(operations.operations(null, 10)).isEmpty();
    assertThat(operations.underWay()).isEmpty();
    assertThat(operations.operation(jobs.anId())).isEmpty();
  }

  @Test
  void allOfAnOperationIsKept() {
    JobFilter all =
        new JobFilter(
            JobState.QUEUED, "mails", "tüp \"x\"", Map.of("a", "漢", "b", ""), "0".repeat(32));
    Operation operation =
        Operation.begun(jobs.anId(), Action.DISCARD, null, all, true, 100_000, "漢", tick());
    operations.create(operation);
    operations.create(operation);
    Operation other = begun(Action.RETRY);

    assertThat(operations.operation(operation.id())).contains(operation);
    assertThat(operations.operation(other.id())).contains(other);
    assertThat(operations.underWay()).containsExactly(operation, other);
  }

  @Test
  void whatJobsAreToHaveIsKept() {
    for (Move to : List.of(new Move(0, null), new Move(9, null), new Move(null, "q".repeat(64)))) {
      Action action = to.priority() == null ? Action.MOVE : Action.SET_PRIORITY;
      Operation operation =
          Operation.begun(jobs.anId(), action, to, FAILED, false, null, "anonymous", tick());
      operations.create(operation);

      assertThat(operations.operation(operation.id())).contains(operation);
    }
  }

  @Test
  void theyAreListedNewestFirstByPages() {
    List<Operation> newestFirst = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      newestFirst.addFirst(begun(Action.CANCEL));
    }

    assertThat(operations.operations(null, 3)).isEqualTo(newestFirst.subList(0, 3));
    assertThat(operations.operations(newestFirst.get(2).id(), 3))
        .isEqualTo(newestFirst.subList(3, 5));
  }

  @Test
  void anOperationKeepsTheScopeOfWhoBeganIt() {
    Scope scope = new Scope(Set.of("a", "b*"), Set.of("*"));
    JobFilter filter = new JobFilter(null, "a", null, Map.of(), null).within(scope);
    Operation own =
        Operation.begun(jobs.anId(), Action.CANCEL, null, filter, false, null, "key:1", tick());
    operations.create(own);
    Operation other = begun(Action.CANCEL);

    assertThat(operations.operation(own.id())).contains(own);
    assertThat(operations.operations(null, 9, "key:1")).containsExactly(own);
    assertThat(operations.operations(null, 9, "key:2")).isEmpty();
    assertThat(operations.operations(null, 9, null)).containsExactly(other, own);
  }

  @Test
  void aStepIsKeptWithItsCounts() {
    Operation first = begun(Action.CANCEL);
    JobId half = jobs.anId();
    Operation second = first.after(STEP, half, tick());
    assertThat(operations.advance(first, second, false)).isTrue();
    assertThat(operations.operation(first.id())).contains(second);

    Operation third = second.after(STEP, null, tick());
    assertThat(operations.advance(second, third, true)).isTrue();

    Operation done = third.in(OperationState.DONE, third.updatedAt());
    assertThat(operations.operation(first.id())).contains(done);
    assertThat(done.seen()).isEqualTo(14);
    assertThat(operations.underWay()).isEmpty();
  }

  @Test
  void aStepIsKeptOnce() {
    Operation first = begun(Action.CANCEL);
    Operation second = first.after(STEP, jobs.anId(), tick());
    Operation third = second.after(STEP, null, tick());

    assertThat(operations.advance(first, second, false)).isTrue();
    assertThat(operations.advance(first, second, false)).isFalse();
    assertThat(operations.advance(second, third, true)).isTrue();
    assertThat(operations.advance(second, third, true)).isFalse();

    assertThat(operations.operation(first.id()).orElseThrow().seen()).isEqualTo(14);
  }

  @Test
  void ofManyWhoMakeTheSameStepOneKeepsIt() throws Exception {
    Operation first = begun(Action.CANCEL);
    Operation second = first.after(STEP, jobs.anId(), tick());
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tasks.add(() -> operations.advance(first, second, false));
    }

    assertThat(atOnce(tasks)).containsOnlyOnce(true);
    assertThat(operations.operation(first.id())).contains(second);
  }

  @Test
  void aStepDoesNotResumeWhatWasPausedOrAbortedMeanwhile() {
    for (OperationState state : List.of(OperationState.PAUSED, OperationState.ABORTED)) {
      for (boolean done : new boolean[] {false, true}) {
        Operation first = begun(Action.CANCEL);
        assertThat(operations.move(first.id(), UNDER_WAY, state, tick())).isTrue();

        Operation second = first.after(STEP, done ? null : jobs.anId(), tick());
        assertThat(operations.advance(first, second, done)).isTrue();

        Operation kept = operations.operation(first.id()).orElseThrow();
        assertThat(kept.state()).isEqualTo(state);
        assertThat(kept.seen()).isEqualTo(7);
        assertThat(kept.cursor()).isEqualTo(second.cursor());
        assertThat(kept.endedAt() != null).isEqualTo(state == OperationState.ABORTED);
      }
    }
  }

  @Test
  void whatIsOverMovesNoMore() {
    Operation operation = begun(Action.CANCEL);
    assertThat(operations.move(operation.id(), UNDER_WAY, OperationState.PAUSED, tick())).isTrue();
    assertThat(operations.underWay()).hasSize(1);
    var at = tick();
    assertThat(operations.move(operation.id(), UNDER_WAY, OperationState.ABORTED, at)).isTrue();

    assertThat(operations.move(operation.id(), UNDER_WAY, OperationState.RUNNING, tick()))
        .isFalse();
    assertThat(operations.move(jobs.anId(), UNDER_WAY, OperationState.RUNNING, tick())).isFalse();
    assertThat(operations.operation(operation.id()))
        .contains(operation.in(OperationState.ABORTED, at));
  }

  @Test
  void ofThoseThatAreOverTheYoungestAreKept() {
    Operation oldest = begun(Action.RETRY);
    for (int i = 0; i <= Operations.KEPT; i++) {
      Operation each = begun(Action.CANCEL);
      operations.move(each.id(), UNDER_WAY, OperationState.ABORTED, tick());
    }
    Operation youngest = begun(Action.RETRY);

    List<Operation> kept = operations.operations(null, 500);
    assertThat(kept).hasSize(Operations.KEPT + 2).contains(oldest, youngest);
  }

  private Operation begun(Action action) {
    Operation operation =
        Operation.begun(jobs.anId(), action, null, FAILED, false, null, "anonymous", tick());
    operations.create(operation);
    return operation;
  }
}
