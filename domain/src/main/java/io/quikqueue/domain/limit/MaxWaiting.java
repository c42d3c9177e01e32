package io.quikqueue.domain.limit;

import io.quikqueue.domain.job.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs may wait beside a new one, itself counted. Null = any number.
 *
 * @param ofQueue in its queue
 * @param ofGroup of its group in its queue, of those that are {@linkplain JobSpec#countedInGroup
 *     counted}; of no effect without a group
 * @param onLimit what becomes of it when it is one too many in its queue or group
 * @param ofOwner of the caller who makes it, over all queues; one too many is refused
 */
public record MaxWaiting(
    @Nullable Integer ofQueue,
    @Nullable Integer ofGroup,
    OnLimit onLimit,
    @Nullable OfOwner ofOwner) {

  /**
   * How many jobs of a caller may wait.
   *
   * @param owner the caller's id, by which they are counted
   */
  public record OfOwner(String owner, int most) {}

  public static final MaxWaiting ANY = new MaxWaiting(null, null);

  /** Whoever makes it. */
  public MaxWaiting(@Nullable Integer ofQueue, @Nullable Integer ofGroup, OnLimit onLimit) {
    this(ofQueue, ofGroup, onLimit, null);
  }

  /** One too many is refused. */
  public MaxWaiting(@Nullable Integer ofQueue, @Nullable Integer ofGroup) {
    this(ofQueue, ofGroup, OnLimit.WAIT);
  }

  /** What the limits of a queue say. */
  public static MaxWaiting of(Limits queue) {
    return queue.maxWaiting() == null && queue.maxWaitingPerGroup() == null
        ? ANY
        : new MaxWaiting(queue.maxWaiting(), queue.maxWaitingPerGroup(), queue.onLimit());
  }

  /** The same for a job of a caller; null = whose jobs are not counted. */
  public MaxWaiting of(@Nullable OfOwner owner) {
    return owner == null ? this : new MaxWaiting(ofQueue, ofGroup, onLimit, owner);
  }

  /** Names the place in which jobs wait, to people: a queue, or a group in it. */
  public static String place(String queue, @Nullable String group) {
    return group == null
        ? "queue \"" + queue + '"'
        : "group \"" + group + "\" in queue \"" + queue + '"';
  }

  /** The same, but one too many is refused whatever the limits say of it. */
  public MaxWaiting refusing() {
    return onLimit == OnLimit.WAIT ? this : new MaxWaiting(ofQueue, ofGroup, OnLimit.WAIT, ofOwner);
  }

  /** What a new job is asked for, which counts in its group and for its owner as they limit it. */
  public JobSpec counted(JobSpec spec) {
    boolean inGroup = ofGroup != null && spec.group() != null;
    if (!inGroup && ofOwner == null) {
      return spec;
    }
    JobSpec.Builder counted = spec.toBuilder();
    if (inGroup) {
      counted.countedInGroup(true);
    }
    if (ofOwner != null) {
      counted.owner(ofOwner.owner());
    }
    return counted.build();
  }
}
