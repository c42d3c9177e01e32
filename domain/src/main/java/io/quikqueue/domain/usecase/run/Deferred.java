package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that were taken and start one after the other, in the order in which they came. They stay
 * leased meanwhile: given back, they would be the first to be taken again and stand in the way of
 * all others. Bounded; safe for use by several threads.
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

  /** Takes out the first; null = none waits. */
  synchronized @Nullable JobMessage poll() {
    Map.Entry<AttemptId, JobMessage> first = waiting.pollFirstEntry();
    return first == null ? null : first.getValue();
  }

  /** Forgets one whose lease went to another. */
  synchronized void remove(AttemptId lost) {
    waiting.remove(lost);
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
