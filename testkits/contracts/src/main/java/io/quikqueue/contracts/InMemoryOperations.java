package io.quikqueue.contracts;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.port.Operations;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operations in plain collections. */
final class InMemoryOperations implements Operations {

  private final NavigableMap<JobId, Operation> operations = new TreeMap<>();

  @Override
  public synchronized void create(Operation operation) {
    operations.putIfAbsent(operation.id(), operation);
    operations.descendingMap().values().stream()
        .filter(each -> each.state().over())
        .skip(KEPT)
        .map(Operation::id)
        .toList()
        .forEach(operations::remove);
  }

  @Override
  public synchronized Optional<Operation> operation(JobId id) {
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public synchronized List<Operation> operations(
      @Nullable JobId after, int limit, @Nullable String by) {
    return (after == null ? operations : operations.headMap(after, false))
        .descendingMap().values().stream()
            .filter(each -> by == null || by.equals(each.by()))
            .limit(limit)
            .toList();
  }

  @Override
  public synchronized List<Operation> underWay() {
    return operations.values().stream().filter(each -> !each.state().over()).toList();
  }

  @Override
  public synchronized boolean move(
      JobId id, Set<OperationState> from, OperationState to, Instant at) {
    Operation operation = operations.get(id);
    if (operation == null || !from.contains(operation.state())) {
      return false;
    }
    operations.put(id, operation.in(to, at));
    return true;
  }

  @Override
  public synchronized boolean advance(Operation before, Operation after, boolean done) {
    JobId position = before.cursor();
    if (position == null) {
      throw new IllegalArgumentException("operation " + before.id() + " is at its end");
    }
    Operation now = operations.get(before.id());
    if (now == null || !position.equals(now.cursor())) {
      return false;
    }
    boolean ends = done && now.state() == OperationState.RUNNING;
    OperationState state = ends ? OperationState.DONE : now.state();
    operations.put(before.id(), after.in(state, after.updatedAt()));
    return true;
  }
}
