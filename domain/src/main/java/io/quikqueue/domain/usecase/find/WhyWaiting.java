package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in a sentence what a job waits for. Of the workers it knows what the store said at most a
 * second ago; it asks when it is asked, and one caller at a time.
 */
public final class WhyWaiting {

  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final PausesInForce pauses;
  private final Workers workers;
  private final Duration liveness;
  private final LongSupplier nanos;
  private final AtomicLong asked;
  private volatile @Nullable Set<String> served;

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
   * What keeps a QUEUED job from starting, other than jobs before it; null = nothing that is known.
   */
  public @Nullable String of(Caller caller, Job job) {
    if (job.state() != JobState.QUEUED) {
      return null;
    }
    Pause pause = pauses.of(job.spec());
    if (pause != null) {
      return "%s \"%s\" is paused since %s%s"
          .formatted(
              pause.kind().label(),
              pause.name(),
              pause.at(),
              pause.note() == null ? "" : ": " + pause.note());
    }
    refresh();
    Set<String> types = served;
    return types == null || types.contains(job.spec().type())
        ? null
        : "no living worker has a handler for type \"" + job.spec().type() + '"';
  }

  private void refresh() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before < REFRESH_NANOS || !asked.compareAndSet(before, now)) {
      return;
    }
    try {
      served =
          workers.live(liveness).stream()
              .map(WorkerInfo::types)
              .flatMap(Set::stream)
              .collect(Collectors.toUnmodifiableSet());
    } catch (UnavailableException e) {
      served = null; // whoever asks for a job is told so anyway
    }
  }
}
