package io.quikqueue.domain.limit;

import io.quikqueue.domain.job.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs may wait beside a new one, itself counted. Null = any number.
 *
 * @param ofQueue in its queue
 * @param ofGroup of its group in its queue, of those that are {@linkplain JobSpec#countedInGroup
 *     counted}; of no effect without a group
 * @param onLimit what becomes of it when it is one too many
 */
public record MaxWaiting(@Nullable Integer ofQueue, @Nullable Integer ofGroup, OnLimit onLimit) {

  public static final MaxWaiting ANY = new MaxWaiting(null, null);

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

  /** Names the place in which jobs wait, to people: a queue, or a group in it. */
  public static String place(String queue, @Nullable String group) {
    return group == null
        ? "queue \"" + queue + '"'
        : "group \"" + group + "\" in queue \"" + queue + '"';
  }

  /** The same, but one too many is refused whatever the limits say of it. */
  public MaxWaiting refusing() {
    return onLimit == OnLimit.WAIT ? this : new MaxWaiting(ofQueue, ofGroup);
  }

  /** What a new job is asked for, which counts in its group when that has a limit. */
  public JobSpec counted(JobSpec spec) {
    return ofGroup == null || spec.group() == null
        ? spec
        : spec.toBuilder().countedInGroup(true).build();
  }
}
