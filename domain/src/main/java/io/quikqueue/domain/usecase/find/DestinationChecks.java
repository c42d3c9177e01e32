package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.JobHandler.HostFinder;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the destination of a job asked to be called later. The ready queue is asked at most
 * twice a second, and only while jobs are looked at that have a destination.
 */
public final class DestinationChecks {

  private static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();

  private final ClosedDestinations closed;
  private final Map<String, HostFinder> finders;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final AtomicLong asked;
  private volatile @Nullable Map<Destination, Instant> ends;

  /**
   * @param finders of the types whose jobs call hosts
   * @param clock the store's clock
   * @param nanos monotonic time
   */
  public DestinationChecks(
      ClosedDestinations closed,
      Map<String, HostFinder> finders,
      InstantSource clock,
      LongSupplier nanos) {
    this.closed = closed;
    this.finders = Map.copyOf(finders);
    this.clock = clock;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
  }

  /** Asks if it is time; one caller at a time, the others go by what is known. */
  private void refresh() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before < REFRESH_NANOS || !asked.compareAndSet(before, now)) {
      return;
    }
    try {
      Map<Destination, Instant> read = new HashMap<>();
      for (Map.Entry<Destination, Duration> each : closed.closed().entrySet()) {
        Instant end = clock.instant().plus(each.getValue());
        read.put(each.getKey(), end.truncatedTo(ChronoUnit.MILLIS));
      }
      ends = read;
    } catch (UnavailableException e) {
      // What is known stays.
    }
  }

  /** The check of this job; null = it has no destination, or nothing can be said. */
  @Nullable WaitCheck of(Job job, Instant now) {
    JobSpec spec = job.spec();
    HostFinder finder = finders.get(spec.type());
    if (spec.group() == null && finder == null) {
      return null;
    }
    refresh();
    Map<Destination, Instant> known = ends;
    if (known == null) {
      return null; // what else is known of the job is worth an answer
    }
    Destination destination = known.isEmpty() ? null : destination(spec, finder);
    Instant end = destination == null ? null : known.get(destination);
    return end == null || !end.isAfter(now)
        ? WaitCheck.passed(WaitCheck.Code.DESTINATION_CLOSED)
        : WaitCheck.failed(
            WaitCheck.Code.DESTINATION_CLOSED,
            end.toString(),
            "%s asked to wait until %s".formatted(destination, end));
  }

  private static @Nullable Destination destination(JobSpec spec, @Nullable HostFinder finder) {
    String group = spec.group();
    if (group != null) {
      return Destination.group(spec.queue(), group);
    }
    String host = finder == null ? null : finder.hostOf(spec.payload());
    return host == null ? null : Destination.host(host);
  }
}
