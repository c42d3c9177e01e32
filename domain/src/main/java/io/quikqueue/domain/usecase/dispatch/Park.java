package io.quikqueue.domain.usecase.dispatch;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.ParkedJobs;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Parks in the store what the windows of groups have no room for. While the store is away nothing
 * is parked: jobs go into the ready queue as if there were no windows. To be used by one thread.
 */
public final class Park {

  private static final Logger LOG = System.getLogger(Park.class.getName());
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  private final GroupWindows windows;
  private final ParkedJobs parked;
  private final long room;
  private final LongSupplier nanos;
  private long parkFrom;

  /**
   * @param room how many ready jobs a queue may have
   * @param nanos monotonic time
   */
  public Park(GroupWindows windows, ParkedJobs parked, long room, LongSupplier nanos) {
    this.windows = windows;
    this.parked = parked;
    this.room = room;
    this.nanos = nanos;
    this.parkFrom = nanos.getAsLong();
  }

  /**
   * Parks those of a batch that there is no room for.
   *
   * @param batch at most 1,000
   * @return what is parked
   * @throws io.quikqueue.domain.port.UnavailableException when the ready queue cannot be reached
   */
  Set<AttemptId> park(List<Envelope> batch) {
    List<Envelope> grouped = batch.stream().filter(job -> job.group() != null).toList();
    if (grouped.isEmpty() || nanos.getAsLong() - parkFrom < 0) {
      return Set.of();
    }
    Set<AttemptId> beyond = windows.beyond(grouped, room);
    if (beyond.isEmpty()) {
      return beyond;
    }
    try {
      parked.park(grouped.stream().filter(job -> beyond.contains(job.attempt())).toList());
      return beyond;
    } catch (RuntimeException e) { // also where the table is not there yet: the stream goes on
      LOG.log(Level.WARNING, () -> "event=park_failed jobs=" + beyond.size(), e);
      parkFrom = nanos.getAsLong() + PAUSE_NANOS;
      return Set.of();
    }
  }
}
