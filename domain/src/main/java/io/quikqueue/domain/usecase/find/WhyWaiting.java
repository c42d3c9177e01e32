package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what a job waits for. Of the workers it knows what the store said at most a second ago; it
 * asks when it is asked, and one caller at a time.
 */
public final class WhyWaiting {

  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final PausesInForce pauses;
  private final Workers workers;
  private final Duration liveness;
  private final LongSupplier nanos;
  private final AtomicLong asked;
  private volatile @Nullable List<WorkerInfo> workersSeen;

  /**
   * @param liveness a worker silent for longer than this counts as gone
   * @param nanos monotonic time
   */
  public WhyWaiting(PausesInForce pauses, Workers workers, Duration liveness, LongSupplier nanos) {
    this.pauses = pauses;
    this.workers = workers;
    this.liveness = liveness;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
  }

  /**
   * What a job waits for, in a sentence: the first check that it does not pass. Null when it passes
   * all that are known, and then waits for jobs before it at most, or when it does not wait.
   */
  public @Nullable String of(Caller caller, Job job) {
    return WaitCheck.firstFailed(checks(caller, job));
  }

  /** What a job has to pass until it starts, in order; nothing when it runs or is over. */
  public List<WaitCheck> checks(Caller caller, Job job) {
    if (job.state().terminal() || job.state() == JobState.RUNNING) {
      return List.of();
    }
    JobSpec spec = job.spec();
    return List.of(
        due(job),
        notPaused(WaitCheck.Code.QUEUE_PAUSED, pauses.ofQueue(spec.queue())),
        notPaused(WaitCheck.Code.TYPE_PAUSED, pauses.ofType(spec.type())),
        worker(job));
  }

  private static WaitCheck due(Job job) {
    Instant due = job.dueAt();
    return due == null
        ? WaitCheck.passed(WaitCheck.Code.DUE)
        : WaitCheck.failed(WaitCheck.Code.DUE, due.toString(), "it is due at " + due);
  }

  private static WaitCheck notPaused(WaitCheck.Code code, @Nullable Pause pause) {
    if (pause == null) {
      return WaitCheck.passed(code);
    }
    String note = pause.note() == null ? "" : ": " + pause.note();
    return WaitCheck.failed(
        code,
        pause.note(),
        "%s \"%s\" is paused since %s%s"
            .formatted(pause.kind().label(), pause.name(), pause.at(), note));
  }

  /** Only a job that is ready is asked for by workers. */
  private WaitCheck worker(Job job) {
    String type = job.spec().type();
    if (job.state() == JobState.QUEUED) {
      refresh();
    }
    List<WorkerInfo> living = workersSeen;
    if (living == null || job.state() != JobState.QUEUED) {
      return WaitCheck.passed(WaitCheck.Code.WORKER);
    }
    boolean isServed = false;
    for (WorkerInfo worker : living) {
      if (worker.takes(type)) {
        isServed = true;
        if (worker.serves(job.spec().queue())) {
          return WaitCheck.passed(WaitCheck.Code.WORKER);
        }
      }
    }
    return WaitCheck.failed(
        WaitCheck.Code.WORKER,
        type,
        isServed
            ? "no living worker takes jobs of type \"%s\" from queue \"%s\""
                .formatted(type, job.spec().queue())
            : "no living worker has a handler for type \"" + type + '"');
  }

  private static WorkerInfo slim(WorkerInfo all) {
    return new WorkerInfo(
        all.id(),
        all.host(),
        all.pid(),
        all.queues(),
        all.types(),
        all.slots(),
        all.busy(),
        List.of(),
        all.startedAt(),
        all.seenAt());
  }

  private void refresh() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before < REFRESH_NANOS || !asked.compareAndSet(before, now)) {
      return;
    }
    try {
      workersSeen = workers.live(liveness).stream().map(WhyWaiting::slim).toList();
    } catch (UnavailableException e) {
      workersSeen = null; // whoever asks for a job is told so anyway
    }
  }
}
