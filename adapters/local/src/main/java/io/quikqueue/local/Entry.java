package io.quikqueue.local;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The latest attempt of a job, which is ready or leased. */
final class Entry {

  enum State {
    READY,
    LEASED
  }

  private static final long FIXED_WEIGHT = 512;

  final JobId id;
  int attempt;
  State state = State.READY;

  /** Null when it is leased, or a worker or a rescuer made it known. */
  @Nullable Job job;

  /** What there is of it then. */
  @Nullable Envelope envelope;

  /** The holder of the lease; null when nobody holds it. */
  @Nullable String worker;

  /** When the lease expires; monotonic nanoseconds. */
  long until;

  @Nullable EntryList list;
  @Nullable Entry previous;
  @Nullable Entry next;

  Entry(JobId id) {
    this.id = id;
  }

  /** The job of an entry that is or was ready. */
  Job job() {
    return Objects.requireNonNull(job);
  }

  /** When the job was last changed as it became known. */
  Instant updatedAt() {
    Job known = job;
    return known == null ? Objects.requireNonNull(envelope).updatedAt() : known.updatedAt();
  }

  boolean isLeasedToOthers(String asking) {
    String holder = worker;
    return state == State.LEASED && holder != null && !holder.equals(asking);
  }

  /** An upper estimate of the bytes that a job holds in memory. */
  static long weight(Job job) {
    return FIXED_WEIGHT + 2L * job.spec().payload().length();
  }
}
