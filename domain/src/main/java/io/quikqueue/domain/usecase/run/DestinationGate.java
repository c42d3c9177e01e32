package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Closings;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobHandler.HostFinder;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a worker from calling a destination that asked to be called later, and tells the ready
 * queue of it. What other workers heard is known half a second later, and asked for only while jobs
 * run that call hosts and have no group: of groups the ready queue keeps the jobs back. While it is
 * away, what this worker heard itself counts. Safe for use by several threads.
 */
final class DestinationGate {

  private static final Logger LOG = System.getLogger(DestinationGate.class.getName());
  private static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();
  private static final int LONGEST_NAME = 300;

  private final ClosedDestinations closed;
  private final LongSupplier nanos;
  private final AtomicLong asked;
  private final Closings known = new Closings(ClosedDestinations.MOST);
  private volatile boolean anyClosed;

  DestinationGate(ClosedDestinations closed, LongSupplier nanos) {
    this.closed = closed;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
  }

  /**
   * A destination that is closed.
   *
   * @param left until it is open
   */
  record Shut(Destination destination, Duration left) {}

  /** Whether the job's destination is closed; null = it may be called, as far as is known. */
  @Nullable Shut shut(JobSpec job, JobHandler handler) {
    if (job.group() == null && handler.hostFinder() != null) {
      refresh();
    }
    if (!anyClosed) {
      return null;
    }
    Destination destination = destination(job, handler);
    if (destination == null) {
      return null;
    }
    synchronized (known) {
      long wait = known.waitOf(destination, nanos.getAsLong());
      anyClosed = !known.isEmpty();
      return wait == 0 ? null : new Shut(destination, Duration.ofNanos(wait));
    }
  }

  /** The job's destination asked to be called later. */
  void close(JobSpec job, JobHandler handler, Duration wait) {
    Destination destination = destination(job, handler);
    if (destination == null || !wait.isPositive()) {
      return;
    }
    Duration bounded =
        wait.compareTo(ClosedDestinations.LONGEST) < 0 ? wait : ClosedDestinations.LONGEST;
    note(destination, bounded);
    try {
      closed.close(destination, bounded);
    } catch (UnavailableException e) {
      LOG.log(Level.DEBUG, "event=closed_destination_not_told", e); // it is held back here
    }
  }

  private static @Nullable Destination destination(JobSpec job, JobHandler handler) {
    String group = job.group();
    if (group != null) {
      return Destination.group(job.queue(), group);
    }
    HostFinder finder = handler.hostFinder();
    String host = finder == null ? null : finder.hostOf(job.payload());
    return host == null || host.length() > LONGEST_NAME ? null : Destination.host(host);
  }

  private void note(Destination destination, Duration wait) {
    synchronized (known) {
      long now = nanos.getAsLong();
      known.close(destination, now + wait.toNanos(), now);
      anyClosed = true;
    }
  }

  private void refresh() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before < REFRESH_NANOS || !asked.compareAndSet(before, now)) {
      return;
    }
    synchronized (known) {
      known.expire(now);
      anyClosed = !known.isEmpty();
    }
    try {
      for (Map.Entry<Destination, Duration> each : closed.closed().entrySet()) {
        if (each.getKey().queue() == null) {
          note(each.getKey(), each.getValue());
        }
      }
    } catch (UnavailableException e) {
      // What is known stays.
    }
  }
}
