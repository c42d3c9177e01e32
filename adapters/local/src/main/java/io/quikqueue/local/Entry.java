package io.quikqueue.local;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobMessage;
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

  /** Null until it is ready or leased. */
  @Nullable JobMessage message;

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

  JobMessage message() {
    JobMessage present = message;
    if (present == null) {
      throw new IllegalStateException("job " + id + " is neither ready nor leased");
    }
    return present;
  }

  boolean isLeasedToOthers(String asking) {
    String holder = worker;
    return state == State.LEASED && holder != null && !holder.equals(asking);
  }

  /** An upper estimate of the bytes that a message holds in memory. */
  static long weight(JobMessage message) {
    return FIXED_WEIGHT + 2L * message.job().spec().payload().length();
  }
}
