package io.quikqueue.local;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobMessage;
import org.jspecify.annotations.Nullable;

/** What is known of a job: its latest attempt and where that stands. */
final class Entry {

  enum State {
    READY,
    LEASED,
    FINISHED
  }

  private static final long FIXED_WEIGHT = 512;

  final JobId id;
  int attempt;
  State state = State.FINISHED;

  /** Null once finished. */
  @Nullable JobMessage message;

  /** The holder of the lease; null when nobody holds it. */
  @Nullable String worker;

  /**
   * When the lease goes silent, or the memory of a finished attempt ends; monotonic nanoseconds.
   */
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
      throw new IllegalStateException("attempt " + attempt + " of job " + id + " is " + state);
    }
    return present;
  }

  /** An upper estimate of the bytes that a message holds in memory. */
  static long weight(JobMessage message) {
    return FIXED_WEIGHT + 2L * message.job().spec().payload().length();
  }
}
