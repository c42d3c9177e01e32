package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import org.jspecify.annotations.Nullable;

/** What became of a submission. */
public sealed interface SubmitResult {

  /** The job is durable. */
  record Accepted(Job job) implements SubmitResult {}

  /** The idempotency key made a job before: this one. Nothing new was stored. */
  record Replayed(Job job) implements SubmitResult {}

  /**
   * The idempotency key made this job before, which has ended and was deleted since. Nothing new
   * was stored.
   *
   * @param state how it ended; null = not known any more
   */
  record ReplayedDeleted(JobId id, @Nullable JobState state) implements SubmitResult {}

  /**
   * The idempotency key was used for a different request, which made this job. Nothing was stored.
   */
  record KeyReused(JobId first) implements SubmitResult {}

  /**
   * As many jobs wait as may in its queue, of its group in its queue, or of its owner. Nothing of
   * it was stored.
   *
   * @param group null = the queue as a whole is full, or the owner has as many as they may
   * @param owner who has as many as they may, over all queues; null = the queue or group is full
   * @param waiting how many wait, with those that were accepted together with it
   * @param most how many may wait
   */
  record Full(String queue, @Nullable String group, @Nullable String owner, long waiting, int most)
      implements SubmitResult {

    /** A queue or a group that is full. */
    public Full(String queue, @Nullable String group, long waiting, int most) {
      this(queue, group, null, waiting, most);
    }
  }

  /**
   * As many jobs wait as may, and {@link io.quikqueue.domain.limit.OnLimit#DROP_NEW} says that it
   * is stored as CANCELLED.
   *
   * @param callback the job that tells of its end, QUEUED; null = none does
   */
  record Dropped(Job job, @Nullable Job callback) implements SubmitResult {}

  /** Another job holds its slot: this one, as it is now. Nothing of it was stored. */
  record SlotTaken(Job holder) implements SubmitResult {}

  /** As {@link SlotTaken}, and the job that is there is what was asked for. */
  record Existing(Job holder) implements SubmitResult {}

  /**
   * The job that holds its slot got its payload, its priority and its time, and is as this now. It
   * is to be announced when it is QUEUED.
   */
  record Replaced(Job holder) implements SubmitResult {}

  /** The store cannot hold this job. Nothing of it was stored. */
  record Refused(String reason) implements SubmitResult {}
}
