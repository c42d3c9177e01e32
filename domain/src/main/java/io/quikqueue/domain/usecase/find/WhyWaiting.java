package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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
  private final Dependencies dependencies;
  private final @Nullable LimitChecks limits;
  private final @Nullable DestinationChecks destinations;
  private final DispatchChecks dispatch;
  private final InstantSource clock;
  private final Duration liveness;
  private final LongSupplier nanos;
  private final AtomicLong asked;

  /**
   * In the order in which they are made, before those of limits and workers; each costs no object
   * unless it fails.
   */
  private final Check[] checks = {
    new Check(WaitCheck.Code.DUE, WhyWaiting::due),
    new Check(WaitCheck.Code.ORDERING_KEY, this::behindOthers),
    new Check(WaitCheck.Code.QUEUE_PAUSED, this::queuePaused),
    new Check(WaitCheck.Code.GROUP_PAUSED, this::groupPaused),
    new Check(WaitCheck.Code.TYPE_PAUSED, this::typePaused)
  };

  private volatile @Nullable List<WorkerInfo> workersSeen;

  /**
   * @param failed the check as it failed; null when the job passes
   */
  private record Check(WaitCheck.Code code, Function<Job, @Nullable WaitCheck> failed) {}

  /**
   * @param limits null = the ready queue is out of reach
   * @param destinations null = likewise
   * @param clock the store's clock
   * @param liveness a worker silent for longer than this counts as gone
   * @param nanos monotonic time
   */
  public WhyWaiting(
      PausesInForce pauses,
      Workers workers,
      Dependencies dependencies,
      @Nullable LimitChecks limits,
      @Nullable DestinationChecks destinations,
      DispatchChecks dispatch,
      InstantSource clock,
      Duration liveness,
      LongSupplier nanos) {
    this.pauses = pauses;
    this.workers = workers;
    this.dependencies = dependencies;
    this.limits = limits;
    this.destinations = destinations;
    this.dispatch = dispatch;
    this.clock = clock;
    this.liveness = liveness;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
  }

  /**
   * What a job waits for, in a sentence, by what is at hand: the first check that it does not pass;
   * later ones are not made, and none for which the ready queue has to be asked. Null when it
   * passes all these, or when it does not wait.
   */
  public @Nullable String of(Caller caller, Job job) {
    if (!waits(job)) {
      return null;
    }
    for (Check check : checks) {
      WaitCheck failed = check.failed().apply(job);
      if (failed != null) {
        return failed.sentence();
      }
    }
    WaitCheck unserved = noWorker(job);
    return unserved == null ? null : unserved.sentence();
  }

  /** What a job has to pass until it starts, in order; nothing when it runs or is over. */
  public List<WaitCheck> checks(Caller caller, Job job) {
    if (!waits(job)) {
      return List.of();
    }
    List<WaitCheck> all = new ArrayList<>(checks.length);
    for (Check check : checks) {
      if (!concerns(check.code(), job.spec())) {
        continue;
      }
      WaitCheck failed = check.failed().apply(job);
      all.add(failed == null ? WaitCheck.passed(check.code()) : failed);
    }
    WaitCheck closed = destinations == null ? null : destinations.of(job, clock.instant());
    if (closed != null) {
      all.add(closed);
    }
    all.addAll(limited(job));
    WaitCheck unserved = noWorker(job);
    all.add(unserved == null ? WaitCheck.passed(WaitCheck.Code.WORKER) : unserved);
    all.addAll(dispatch.of(job));
    return all;
  }

  private static boolean concerns(WaitCheck.Code code, JobSpec job) {
    return switch (code) {
      case ORDERING_KEY -> job.orderingKey() != null;
      case GROUP_PAUSED -> job.group() != null;
      default -> true;
    };
  }

  private List<WaitCheck> limited(Job job) {
    return limits == null ? List.of() : limits.of(job);
  }

  private @Nullable WaitCheck behindOthers(Job job) {
    if (job.state() != JobState.WAITING || job.spec().orderingKey() == null) {
      return null;
    }
    JobId first = null;
    boolean isHeld = false;
    try {
      first = dependencies.needs(job.id()).orElse(null);
      isHeld = first != null && dependencies.holdsLine(first);
    } catch (UnavailableException e) {
      // what else is known of the job is worth an answer
    }
    String before = first == null ? null : first.toString();
    return WaitCheck.failed(
        WaitCheck.Code.ORDERING_KEY,
        before,
        before == null
            ? "it waits for the job before it of its ordering key"
            : "it waits for job "
                + before
                + " of its ordering key"
                + (isHeld ? ", which FAILED and holds it until it is retried or skipped" : ""));
  }

  private static boolean waits(Job job) {
    return !job.state().terminal() && job.state() != JobState.RUNNING;
  }

  private static @Nullable WaitCheck due(Job job) {
    Instant due = job.dueAt();
    if (due == null) {
      return null;
    }
    String asleep = job.sleepsFor();
    return WaitCheck.failed(
        WaitCheck.Code.DUE,
        due.toString(),
        asleep == null ? "it is due at " + due : "it " + asleep);
  }

  private @Nullable WaitCheck queuePaused(Job job) {
    return paused(WaitCheck.Code.QUEUE_PAUSED, pauses.ofQueue(job.spec().queue()));
  }

  private @Nullable WaitCheck groupPaused(Job job) {
    return paused(WaitCheck.Code.GROUP_PAUSED, pauses.ofGroup(job.spec()));
  }

  private @Nullable WaitCheck typePaused(Job job) {
    return paused(WaitCheck.Code.TYPE_PAUSED, pauses.ofType(job.spec().type()));
  }

  private static @Nullable WaitCheck paused(WaitCheck.Code code, @Nullable Pause pause) {
    if (pause == null) {
      return null;
    }
    String note = pause.note() == null ? "" : ": " + pause.note();
    return WaitCheck.failed(
        code, pause.note(), "%s is paused since %s%s".formatted(pause.key(), pause.at(), note));
  }

  /** Only a job that is ready is asked for by workers. */
  private @Nullable WaitCheck noWorker(Job job) {
    if (job.state() != JobState.QUEUED) {
      return null;
    }
    refresh();
    List<WorkerInfo> living = workersSeen;
    if (living == null) {
      return null;
    }
    String type = job.spec().type();
    boolean isServed = false;
    boolean isDraining = false;
    for (WorkerInfo worker : living) {
      if (worker.takes(type)) {
        isServed = true;
        if (worker.serves(job.spec().queue())) {
          if (worker.phase() == Phase.RUNNING) {
            return null;
          }
          isDraining = true;
        }
      }
    }
    if (isDraining) {
      return WaitCheck.failed(
          WaitCheck.Code.WORKER,
          type,
          "all living workers that take jobs of type \"%s\" from queue \"%s\" drain"
              .formatted(type, job.spec().queue()));
    }
    return WaitCheck.failed(
        WaitCheck.Code.WORKER,
        type,
        isServed
            ? "no living worker takes jobs of type \"%s\" from queue \"%s\""
                .formatted(type, job.spec().queue())
            : "no living worker has a handler for type \"" + type + '"');
  }

  private void refresh() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before < REFRESH_NANOS || !asked.compareAndSet(before, now)) {
      return;
    }
    try {
      workersSeen =
          workers.live(liveness).stream().map(worker -> worker.withRunning(List.of())).toList();
    } catch (UnavailableException e) {
      workersSeen = null; // whoever asks for a job is told so anyway
    }
  }
}
