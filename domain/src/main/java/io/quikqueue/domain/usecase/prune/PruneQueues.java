package io.quikqueue.domain.usecase.prune;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Retention.Keep;
import io.quikqueue.domain.port.EndedJobs;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deletes jobs that have ended where their queue says for how long, or how many, are kept. It goes
 * through them from the oldest on, and goes on where it was; each hour it begins anew, for those
 * that ended late. Not safe for use by several threads.
 */
final class PruneQueues {

  private static final int BATCH = 500;

  /** Looks of one call at one state of one queue. */
  private static final int MOST_LOOKS = 10;

  private static final Duration ANEW = Duration.ofHours(1);

  private final JobStore store;
  private final Queues queues;
  private final Supplier<LimitTable> limits;
  private final InstantSource clock;
  private final Map<Place, JobId> positions = new HashMap<>();
  private final Map<Place, NewestKept> newestKept = new HashMap<>();
  private Instant anewAt = Instant.MIN;

  private record Place(String queue, JobState state, boolean byCount) {}

  PruneQueues(JobStore store, Queues queues, Supplier<LimitTable> limits, InstantSource clock) {
    this.store = store;
    this.queues = queues;
    this.limits = limits;
    this.clock = clock;
  }

  /** What is kept for another time than all jobs are. */
  Map<String, Set<JobState>> withAges() {
    Map<String, Set<JobState>> all = new HashMap<>();
    limits
        .get()
        .queues()
        .forEach(
            (queue, of) ->
                of.retention()
                    .states()
                    .forEach(
                        (state, keep) -> {
                          if (keep.age() != null) {
                            all.computeIfAbsent(queue, _ -> new HashSet<>()).add(state);
                          }
                        }));
    return all;
  }

  /**
   * Deletes a batch of each state of each queue.
   *
   * @return whether there may be more
   */
  boolean prune() {
    Instant now = clock.instant();
    if (!now.isBefore(anewAt)) {
      positions.clear();
      newestKept.clear();
      anewAt = now.plus(ANEW);
    }
    boolean more = false;
    for (Map.Entry<String, Limits> each : limits.get().queues().entrySet()) {
      Map<JobState, Keep> states = each.getValue().retention().states();
      if (!states.isEmpty()) {
        more |= prune(each.getKey(), states, now);
      }
    }
    return more;
  }

  private boolean prune(String queue, Map<JobState, Keep> states, Instant now) {
    boolean more = false;
    Optional<QueueFigures> figures = queues.find(queue);
    for (Map.Entry<JobState, Keep> state : states.entrySet()) {
      long there = figures.map(of -> of.jobs().getOrDefault(state.getKey(), 0L)).orElse(0L);
      Duration age = state.getValue().age();
      Integer count = state.getValue().count();
      if (there > 0 && age != null) {
        more |= prune(new Place(queue, state.getKey(), false), now.minus(age), null);
      }
      if (count != null && there > count) {
        more |= prune(new Place(queue, state.getKey(), true), count, now);
      }
    }
    return more;
  }

  /** Those that so many younger ones are kept of; returns whether there may be more. */
  private boolean prune(Place place, int count, Instant now) {
    NewestKept kept = newestKept.get(place);
    if (kept == null || !kept.isOf(count)) {
      kept = new NewestKept(store, place.queue(), place.state(), count);
      newestKept.put(place, kept);
    }
    JobId last = kept.lastToDelete(now, MOST_LOOKS);
    if (last == null) {
      return kept.isSearching();
    }
    boolean more = prune(place, now, last);
    if (!more) {
      kept.areDeleted(now);
    }
    return more;
  }

  /**
   * Returns whether there may be more.
   *
   * @param last no younger ones than this; null = any
   */
  private boolean prune(Place place, Instant before, @Nullable JobId last) {
    int deleted = 0;
    for (int look = 0; look < MOST_LOOKS && deleted < BATCH; look++) {
      JobId after = positions.get(place);
      EndedJobs found = store.ended(place.queue(), place.state(), after, before, BATCH - deleted);
      List<JobId> old =
          found.jobs().stream().filter(id -> last == null || id.compareTo(last) <= 0).toList();
      deleted += store.deleteEnded(old, before);
      if (old.size() < found.jobs().size()) {
        if (!old.isEmpty()) {
          positions.put(place, old.getLast());
        }
        return false;
      }
      if (found.next() == null || (last != null && found.next().compareTo(last) >= 0)) {
        return false;
      }
      positions.put(place, found.next());
    }
    return true;
  }
}
