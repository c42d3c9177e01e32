package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that were taken and wait for their trial. They stay leased meanwhile: given back, they would
 * be the first to be taken again and stand in the way of all others. Bounded; safe for use by
 * several threads.
 */
final class Deferred {

  private final int most;
  private final SequencedMap<AttemptId, JobMessage> waiting = new LinkedHashMap<>();

  Deferred(int most) {
    this.most = most;
  }

  /** Keeps a job; false = there is no room. */
  synchronized boolean offer(JobMessage message) {
    if (waiting.size() >= most) {
      return false;
    }
    waiting.put(message.job().attemptId(), message);
    return true;
  }

  /** The one with the most crashes, of these the one that came first; null = none waits. */
  synchronized @Nullable JobMessage mostCrashed() {
    JobMessage most = null;
    for (JobMessage message : waiting.values()) {
      if (most == null || message.job().crashes() > most.job().crashes()) {
        most = message;
      }
    }
    return most;
  }

  /** Takes out one that starts, or whose lease went to another. */
  synchronized void remove(AttemptId attempt) {
    waiting.remove(attempt);
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  synchronized boolean isFull() {
    return waiting.size() >= most;
  }

  synchronized List<JobMessage> all() {
    return List.copyOf(waiting.values());
  }

  /** Takes out all. */
  synchronized List<JobMessage> drain() {
    List<JobMessage> all = all();
    waiting.clear();
    return all;
  }
}
