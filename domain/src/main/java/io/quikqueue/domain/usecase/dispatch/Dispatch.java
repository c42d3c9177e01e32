package io.quikqueue.domain.usecase.dispatch;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.StreamRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves jobs from a stream into the ready queue and says which queues have enough. */
public final class Dispatch {

  private final DispatchTarget target;
  private final long highWater;
  private final Meter meter;
  private final @Nullable Park park;

  /**
   * @param highWater ready jobs in a queue above which its jobs wait in the stream
   */
  public Dispatch(DispatchTarget target, long highWater, Meter meter) {
    this(target, null, highWater, meter);
  }

  /**
   * @param park parks jobs of groups that have enough; null = none are parked
   * @param highWater ready jobs in a queue above which its jobs wait in the stream
   */
  public Dispatch(DispatchTarget target, @Nullable Park park, long highWater, Meter meter) {
    this.park = park;
    this.target = target;
    this.highWater = highWater;
    this.meter = meter;
  }

  /**
   * Pushes a batch.
   *
   * @param batch at most 1,000
   * @return the queues, of those in the batch, that are above the high-water mark now
   * @throws io.quikqueue.domain.port.UnavailableException when the ready queue cannot be reached;
   *     push again later
   */
  public Set<String> dispatch(List<StreamRecord> batch) {
    Set<AttemptId> parked =
        park == null ? Set.of() : park.park(batch.stream().map(StreamRecord::envelope).toList());
    // What is parked is in the store by now: its positions may be passed.
    Map<String, Long> depth = target.dispatch(batch, parked);
    meter.dispatched(batch.size());
    Set<String> full = new HashSet<>();
    depth.forEach(
        (queue, jobs) -> {
          if (jobs >= highWater) {
            full.add(queue);
          }
        });
    return full;
  }

  /** Ready jobs per queue. Throws as {@link #dispatch} does. */
  public Map<String, Long> depth() {
    return target.depth();
  }

  /** Ready jobs in a queue below which more are wanted after it was full. */
  public long lowWater() {
    return highWater - highWater / 4;
  }
}
