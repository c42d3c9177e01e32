package io.quikqueue.domain.usecase.list;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.lease.PullWorkerIds;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Lists the workers that are alive. */
public final class ListWorkers {

  private static final int MOST_RUNNING = 1_000;

  private final Workers workers;
  private final Duration liveness;

  /**
   * @param liveness a worker silent for longer than this counts as gone
   */
  public ListWorkers(Workers workers, Duration liveness) {
    this.workers = workers;
    this.liveness = liveness;
  }

  /**
   * Living workers by id, at most 1,000, that may run what the caller has to do with; a pull worker
   * that several processes serve is one.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public List<WorkerInfo> live(Caller caller) {
    Map<String, WorkerInfo> byId = new LinkedHashMap<>();
    for (WorkerInfo row : workers.live(liveness)) {
      String id = PullWorkerIds.merged(row.id());
      byId.merge(id, row.withId(id), ListWorkers::merged);
    }
    return byId.values().stream()
        .map(ListWorkers::withSlots)
        .flatMap(worker -> within(caller.scope(), worker).stream())
        .toList();
  }

  /** A worker as it exists for who has to do with these jobs alone; empty = it does not. */
  private static Optional<WorkerInfo> within(Scope scope, WorkerInfo worker) {
    if (scope.isAll()) {
      return Optional.of(worker);
    }
    Set<String> queues = filtered(worker.queues(), scope::coversQueue);
    Set<String> types = filtered(worker.types(), scope::coversType);
    if (queues.isEmpty() != worker.queues().isEmpty()
        || types.isEmpty() != worker.types().isEmpty()) {
      return Optional.empty();
    }
    // of which queue an attempt is only the queues of its worker tell
    boolean own = scope.hasAllQueues() || (!queues.isEmpty() && queues.equals(worker.queues()));
    return Optional.of(
        worker
            .serving(queues, types)
            .withRunning(
                own
                    ? worker.running().stream()
                        .filter(each -> scope.coversType(each.type()))
                        .toList()
                    : List.of()));
  }

  private static Set<String> filtered(Set<String> names, Predicate<String> covers) {
    return names.stream().filter(covers).collect(Collectors.toSet());
  }

  /** One that is kept for a job that runs alone has none to tell of. */
  private static WorkerInfo withSlots(WorkerInfo worker) {
    return worker.slots() > 0 || !PullWorkerIds.isHolder(worker.id())
        ? worker
        : worker.withSlots(Math.max(1, worker.busy()));
  }

  /** A pull worker as two processes know it: what it runs may be in the hands of both. */
  private static WorkerInfo merged(WorkerInfo a, WorkerInfo b) {
    Map<AttemptId, AttemptSnapshot> running = new LinkedHashMap<>();
    a.running().forEach(each -> running.put(each.attempt(), each));
    b.running()
        .forEach(
            each -> running.merge(each.attempt(), each, (x, y) -> x.progress() == null ? y : x));
    boolean all = a.types().isEmpty() || b.types().isEmpty();
    WorkerInfo latest = a.seenAt().isAfter(b.seenAt()) ? a : b;
    return new WorkerInfo(
        a.id(),
        latest.host(),
        latest.pid(),
        union(a.queues(), b.queues()),
        all ? Set.of() : union(a.types(), b.types()),
        Math.max(a.slots(), b.slots()),
        running.size(),
        running.values().stream().limit(MOST_RUNNING).toList(),
        a.startedAt().isBefore(b.startedAt()) ? a.startedAt() : b.startedAt(),
        latest.seenAt(),
        a.phase().compareTo(b.phase()) < 0 ? a.phase() : b.phase()); // the one less drained
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> all = new TreeSet<>(a);
    all.addAll(b);
    return all;
  }
}
