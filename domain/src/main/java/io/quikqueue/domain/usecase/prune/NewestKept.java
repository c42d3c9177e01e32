package io.quikqueue.domain.usecase.prune;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.EndedJobs;
import io.quikqueue.domain.port.JobStore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds the youngest job of a queue that is to be deleted because enough younger ones are kept: by
 * going through them, since the counters of a queue also have those that nobody deletes this way,
 * such as nodes of workflows. The more it had to read, the longer it waits before it does so again.
 */
final class NewestKept {

  private static final int BATCH = 1_000;

  /** Before the next search, for each look of the one before. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final JobStore store;
  private final String queue;
  private final JobState state;
  private final int count;
  private Instant notBefore = Instant.MIN;
  private int looks;
  private int counted;
  private @Nullable JobId position;
  private @Nullable JobId last;

  NewestKept(JobStore store, String queue, JobState state, int count) {
    this.store = store;
    this.queue = queue;
    this.state = state;
    this.count = count;
  }

  boolean isOf(int other) {
    return count == other;
  }

  /** Whether the search goes on with the next call. */
  boolean isSearching() {
    return looks > 0;
  }

  /**
   * The youngest to be deleted; null when there is none, or it is not found yet.
   *
   * @param most looks of this call
   */
  @Nullable JobId lastToDelete(Instant now, int most) {
    if (last != null || now.isBefore(notBefore)) {
      return last;
    }
    for (int i = 0; i < most; i++) {
      int wanted = Math.min(BATCH, count + 1 - counted);
      EndedJobs found = store.newestEnded(queue, state, position, wanted);
      looks++;
      counted += found.jobs().size();
      position = found.next();
      if (counted > count) {
        last = found.jobs().getLast();
        return last;
      }
      if (position == null) {
        areDeleted(now);
        return null;
      }
    }
    return null;
  }

  /** All that were to be deleted are; the next search may find more. */
  void areDeleted(Instant now) {
    notBefore = now.plus(PAUSE.multipliedBy(looks));
    looks = 0;
    counted = 0;
    position = null;
    last = null;
  }
}
