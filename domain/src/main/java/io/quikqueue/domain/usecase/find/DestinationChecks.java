package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.JobHandler.HostFinder;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.InForce;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the destination of a job asked to be called later. The ready queue is asked at most
 * twice a second, and only while jobs are looked at that have a destination.
 */
public final class DestinationChecks {

  private final InForce<Map<Destination, Instant>> closed;
  private final Map<String, HostFinder> finders;

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
    this.closed = new InForce<>(_ -> read(closed, clock.instant()), nanos);
    this.finders = Map.copyOf(finders);
  }

  private static Map<Destination, Instant> read(ClosedDestinations closed, Instant now) {
    Map<Destination, Instant> ends = new HashMap<>();
    for (Map.Entry<Destination, Duration> each : closed.closed().entrySet()) {
      ends.put(each.getKey(), now.plus(each.getValue()).truncatedTo(ChronoUnit.MILLIS));
    }
    return ends;
  }

  /** The check of this job; null = it has no destination, or nothing can be said. */
  @Nullable WaitCheck of(Job job, Instant now) {
    JobSpec spec = job.spec();
    HostFinder finder = finders.get(spec.type());
    if (spec.group() == null && finder == null) {
      return null;
    }
    Map<Destination, Instant> ends;
    try {
      ends = closed.get();
    } catch (UnavailableException e) {
      return null; // what else is known of the job is worth an answer
    }
    Destination destination = ends.isEmpty() ? null : destination(spec, finder);
    Instant end = destination == null ? null : ends.get(destination);
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
