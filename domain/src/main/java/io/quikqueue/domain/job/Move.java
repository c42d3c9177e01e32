package io.quikqueue.domain.job;

import org.jspecify.annotations.Nullable;

/**
 * What a job that waits is to have from now on.
 *
 * @param priority 0 (first) to 9 (last); null = as it is
 * @param queue 1 to 64 of {@code a-z 0-9 _ . -}; null = as it is
 */
public record Move(@Nullable Integer priority, @Nullable String queue) {

  public Move {
    if (priority != null) {
      JobSpec.requirePriority(priority);
    }
    if (queue != null) {
      JobSpec.requireQueue(queue);
    }
  }

  /** Whether a job would be as it is. */
  public boolean changesNothing(JobSpec spec) {
    return (priority == null || priority == spec.priority())
        && (queue == null || queue.equals(spec.queue()));
  }

  /**
   * Why a job cannot have this; null = it can. A job whose place among others is tied to its queue
   * stays in it.
   */
  public @Nullable String problem(JobSpec spec) {
    if (queue == null || queue.equals(spec.queue())) {
      return null;
    }
    Unique unique = spec.unique();
    if (spec.orderingKey() != null) {
      return "the line of its ordering key belongs to its queue";
    }
    return unique != null && unique.within() == Unique.Within.QUEUE
        ? "it is unique within its queue"
        : null;
  }

  /** What a job is asked for with this. */
  JobSpec apply(JobSpec spec) {
    JobSpec.Builder moved = spec.toBuilder();
    if (priority != null) {
      moved.priority(priority);
    }
    if (queue != null) {
      moved.queue(queue);
    }
    return moved.build();
  }
}
