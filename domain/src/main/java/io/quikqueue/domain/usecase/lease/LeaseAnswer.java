package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobStep;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a worker is told of one of its leases. */
public sealed interface LeaseAnswer {

  /**
   * The lease is the worker's.
   *
   * @param expiresAt when it ends without a heartbeat, by the store's clock
   */
  record Held(Instant expiresAt) implements LeaseAnswer {}

  /**
   * What was reported is kept, and the lease is the worker's.
   *
   * @param status of a step; pending never
   * @param value JSON text: what is kept, or what came with a signal; null = nothing
   * @param expiresAt as of {@link Held}
   */
  record Kept(JobStep.Status status, @Nullable String value, Instant expiresAt)
      implements LeaseAnswer {}

  /** What was reported cannot be kept, and the lease is the worker's. */
  record Refused(String field, String problem) implements LeaseAnswer {}

  /** What was reported is recorded, now or by an earlier call; the lease is over. */
  record Recorded(JobState state) implements LeaseAnswer {}

  /** The lease is over, and nothing was recorded: what the worker still does is in vain. */
  record Over(Reason reason) implements LeaseAnswer {}

  /** There is no such job, perhaps any more. */
  record Unknown() implements LeaseAnswer {}

  /** Why a lease is over. */
  enum Reason {
    /** The job was cancelled. */
    CANCELLED,
    /** The lease expired, the attempt timed out or ended, or the job is not the worker's. */
    LOST
  }
}
