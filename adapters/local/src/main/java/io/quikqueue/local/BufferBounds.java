package io.quikqueue.local;

import io.quikqueue.domain.limit.Throttle;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How many ready jobs may be in memory, and which is the next to be left to the store. */
final class BufferBounds {

  private final int maxJobs;
  private final long maxWeight;
  private final Throttle throttle;

  /**
   * @param maxJobs ready jobs per queue
   * @param maxWeight of all ready jobs
   * @param throttle says which groups have windows
   */
  BufferBounds(int maxJobs, long maxWeight, Throttle throttle) {
    this.maxJobs = maxJobs;
    this.maxWeight = maxWeight;
    this.throttle = throttle;
  }

  /** Whether the groups of a queue have windows. */
  boolean hasWindows(String queue) {
    return throttle.table().hasWindows(queue);
  }

  boolean hasWindow(String queue, String group) {
    return throttle.table().hasWindow(queue, group);
  }

  /** For how many more jobs of a group there is room. */
  int roomOf(QueueBuffer buffer, String group) {
    return hasWindow(buffer.queue, group)
        ? window(buffer) - buffer.jobsOf(group)
        : Integer.MAX_VALUE;
  }

  /** How many ready jobs a group of a queue with windows may have here. */
  private int window(QueueBuffer buffer) {
    return throttle.table().ofQueue(buffer.queue).window(maxJobs, buffer.lines().size());
  }

  /** Whether a queue is to be filled up for groups that had to make room to the last job. */
  boolean hasRoom(QueueBuffer buffer, long weight) {
    return buffer.jobs() <= maxJobs / 4 * 3 && weight <= maxWeight / 4 * 3;
  }

  /** A job beyond the window of its group; null = there is none. */
  @Nullable Entry surplusOf(QueueBuffer buffer, @Nullable String group) {
    return group != null && !group.isEmpty() && roomOf(buffer, group) < 0
        ? buffer.worstOf(group)
        : null;
  }

  /** A job beyond what a queue may have here; null = there is none. */
  @Nullable Entry surplusOf(QueueBuffer buffer) {
    return buffer.jobs() > maxJobs
        ? worst(buffer, Comparator.comparingLong(GroupLine::size))
        : null;
  }

  /** A job of the heaviest queue when all together weigh too much; null = they do not. */
  @Nullable Entry surplusOf(Collection<QueueBuffer> buffers, long weight) {
    if (weight <= maxWeight) {
      return null;
    }
    QueueBuffer heaviest = null;
    for (QueueBuffer each : buffers) {
      if (each.jobs() > 1 && (heaviest == null || each.weight() > heaviest.weight())) {
        heaviest = each;
      }
    }
    return heaviest == null ? null : worst(heaviest, Comparator.comparingLong(GroupLine::weight));
  }

  /** The worst job, where groups have windows of the group that has most: none keeps others out. */
  private Entry worst(QueueBuffer buffer, Comparator<GroupLine> by) {
    Entry worst =
        hasWindows(buffer.queue)
            ? buffer.lines().stream().max(by).map(GroupLine::worst).orElse(null)
            : null;
    return worst != null ? worst : Objects.requireNonNull(buffer.worst());
  }
}
