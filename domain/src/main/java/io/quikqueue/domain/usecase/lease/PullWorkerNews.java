package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.run.WorkerHeartbeat;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells others of the pull workers that this process has heard of, and asks for those of others.
 */
final class PullWorkerNews {

  private static final Logger LOG = System.getLogger(PullWorkerNews.class.getName());
  private static final Duration LIVENESS = Duration.ofSeconds(20);
  private static final int MOST_AT_ONCE = 100;
  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

  /**
   * What other processes have said.
   *
   * @param others their rows by the name of the worker
   * @param at monotonic time
   */
  private record Lately(Map<String, List<WorkerInfo>> others, long at) {}

  private final Workers workers;
  private final InstantSource clock;
  private final String process;
  private final LongSupplier nanoTime;
  private final Consumer<OfferedTypes> offered;
  private OfferedTypes told = OfferedTypes.NONE;
  private volatile @Nullable Lately lately;

  PullWorkerNews(
      Workers workers,
      InstantSource clock,
      String process,
      LongSupplier nanoTime,
      Consumer<OfferedTypes> offered) {
    this.workers = workers;
    this.clock = clock;
    this.process = process;
    this.nanoTime = nanoTime;
    this.offered = offered;
  }

  WorkerHeartbeat heartbeat(KnownWorker worker) {
    return new WorkerHeartbeat(workers, worker::info, nanoTime);
  }

  /** Tells the store now. */
  void tell(KnownWorker worker) {
    workers.heartbeat(worker.info());
  }

  /** Tells the store of those of which it is time to, of many at once. */
  void beat(Collection<KnownWorker> living) {
    Map<WorkerHeartbeat, WorkerInfo> due = new LinkedHashMap<>();
    for (KnownWorker worker : living) {
      WorkerInfo info = worker.heartbeat().due();
      if (info != null) {
        due.put(worker.heartbeat(), info);
      }
      if (due.size() == MOST_AT_ONCE) {
        tell(due);
        due.clear();
      }
    }
    tell(due);
  }

  private void tell(Map<WorkerHeartbeat, WorkerInfo> due) {
    if (due.isEmpty()) {
      return;
    }
    try {
      workers.heartbeats(List.copyOf(due.values()));
      due.forEach(WorkerHeartbeat::told);
    } catch (UnavailableException e) {
      throw e;
    } catch (RuntimeException e) { // a bug about one of them, which must not keep back the others
      due.forEach(this::tellAlone);
    }
  }

  private void tellAlone(WorkerHeartbeat heartbeat, WorkerInfo info) {
    try {
      workers.heartbeat(info);
      heartbeat.told(info);
    } catch (UnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, () -> "event=heartbeat_error worker=" + info.id(), e);
    }
  }

  /** The worker is not heard of any more, here. */
  void gone(KnownWorker worker) {
    try {
      workers.remove(PullWorkerIds.of(worker.name(), process));
    } catch (UnavailableException e) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=worker_not_removed worker=%s reason=\"%s\""
                  .formatted(worker.name(), e.getMessage()));
    }
  }

  /** The rows that other processes have of a worker. */
  List<WorkerInfo> others(String name) {
    return byWorker(workers.live(LIVENESS)).getOrDefault(name, List.of());
  }

  /** The same, as it was at most a second ago. */
  List<WorkerInfo> othersLately(String name) {
    long now = nanoTime.getAsLong();
    Lately known = lately;
    if (known == null || now - known.at() >= REFRESH_NANOS) {
      known = new Lately(byWorker(workers.live(LIVENESS)), now);
      lately = known;
    }
    return known.others().getOrDefault(name, List.of());
  }

  private Map<String, List<WorkerInfo>> byWorker(List<WorkerInfo> rows) {
    return rows.stream()
        .filter(row -> PullWorkerIds.isPull(row.id()) && !PullWorkerIds.isOf(row.id(), process))
        .collect(Collectors.groupingBy(row -> PullWorkerIds.name(row.id())));
  }

  /** Whether another process's row of a worker comes before the one of this process. */
  boolean isBefore(WorkerInfo other, String name) {
    return other.id().compareTo(PullWorkerIds.of(name, process)) < 0;
  }

  /** Says what living workers take, if that has changed. */
  synchronized void offered(Collection<KnownWorker> living) {
    OfferedTypes now = OfferedTypes.of(living);
    if (!now.equals(told)) {
      offered.accept(now);
      told = now;
    }
  }

  WorkerInfo info(
      KnownWorker worker,
      Set<String> queues,
      Set<String> types,
      int slots,
      List<AttemptSnapshot> running,
      Phase phase) {
    Instant now = clock.instant();
    return new WorkerInfo(
        PullWorkerIds.of(worker.name(), process),
        worker.address(),
        0,
        queues,
        types,
        slots,
        running.size(),
        running,
        now,
        now,
        phase);
  }
}
