package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the store that a worker is alive, what it runs and how far that is: every five seconds, and
 * as soon as that has changed, but at most once a second whatever the number of jobs. Not safe for
 * use by several threads.
 */
public final class WorkerHeartbeat {

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** Attempts told of in all, and of those that have not said how far they are. */
  private static final int MOST = 1_000;

  private static final int MOST_SILENT = 100;

  private final Workers workers;
  private final Supplier<WorkerInfo> now;
  private final LongSupplier nanos;
  private @Nullable WorkerInfo told;
  private long toldAt;

  /**
   * @param now the worker as it is, with all that it runs
   * @param nanos monotonic time
   */
  public WorkerHeartbeat(Workers workers, Supplier<WorkerInfo> now, LongSupplier nanos) {
    this.workers = workers;
    this.now = now;
    this.nanos = nanos;
  }

  /**
   * Tells the store, if it is time to.
   *
   * @return how long to wait before the next call
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Duration beat() {
    WorkerInfo worker = due();
    if (worker == null) {
      return LOOK;
    }
    workers.heartbeat(worker);
    told(worker);
    return SHORTEST;
  }

  /** What is to be told now, for one who tells of several workers at once; null = nothing. */
  public @Nullable WorkerInfo due() {
    WorkerInfo worker = shown(now.get());
    return isDue(worker, nanos.getAsLong()) ? worker : null;
  }

  /** The store knows this now, which was due. */
  public void told(WorkerInfo worker) {
    told = worker;
    toldAt = nanos.getAsLong();
  }

  private boolean isDue(WorkerInfo worker, long at) {
    WorkerInfo before = told;
    if (before == null || at - toldAt >= LONGEST.toNanos()) {
      return true;
    }
    return at - toldAt >= SHORTEST.toNanos()
        && (worker.busy() != before.busy()
            || worker.slots() != before.slots()
            || worker.phase() != before.phase()
            || !worker.running().equals(before.running()));
  }

  private static WorkerInfo shown(WorkerInfo all) {
    List<AttemptSnapshot> reporting = new ArrayList<>();
    List<AttemptSnapshot> silent = new ArrayList<>();
    for (AttemptSnapshot attempt : all.running()) {
      (attempt.progress() == null ? silent : reporting).add(attempt);
    }
    List<AttemptSnapshot> shown =
        new ArrayList<>(reporting.subList(0, Math.min(reporting.size(), MOST)));
    int room = Math.min(MOST - shown.size(), MOST_SILENT);
    shown.addAll(silent.subList(0, Math.min(silent.size(), room)));
    return all.withRunning(shown);
  }
}
