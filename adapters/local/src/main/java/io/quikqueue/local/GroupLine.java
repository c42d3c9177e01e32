package io.quikqueue.local;

import io.quikqueue.domain.job.JobSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ready jobs of one group of a queue that are in memory, by priority, then arrival. */
final class GroupLine {

  /** The order in which groups are served: within a priority by their places. */
  static final Comparator<GroupLine> ORDER =
      Comparator.<GroupLine>comparingInt(line -> line.best)
          .thenComparingLong(line -> line.place)
          .thenComparing(line -> line.group);

  /** Empty = those without a group. */
  final String group;

  private final List<SequencedSet<Entry>> jobs = new ArrayList<>();

  /** The best priority that has a job. */
  private int best = JobSpec.LOWEST_PRIORITY + 1;

  private int size;
  private long weight;

  /** Not to be changed while it stands in a sorted set, as all that may change the order. */
  long place;

  /** Whether a time is noted at which it opens. */
  boolean opens;

  GroupLine(String group) {
    this.group = group;
    for (int priority = 0; priority <= JobSpec.LOWEST_PRIORITY; priority++) {
      jobs.add(new LinkedHashSet<>(1));
    }
  }

  boolean isEmpty() {
    return best > JobSpec.LOWEST_PRIORITY;
  }

  /** How many jobs are here. */
  int size() {
    return size;
  }

  /** How many jobs of one priority are here. */
  int size(int priority) {
    return jobs.get(priority).size();
  }

  /** What they weigh, as {@link Entry#weight} has it. */
  long weight() {
    return weight;
  }

  /** The job to run last of those here; null = there is none. */
  @Nullable Entry worst() {
    for (int priority = JobSpec.LOWEST_PRIORITY; priority >= best; priority--) {
      if (!jobs.get(priority).isEmpty()) {
        return jobs.get(priority).getLast();
      }
    }
    return null;
  }

  int best() {
    return best;
  }

  void add(Entry entry, boolean first) {
    int priority = entry.job().spec().priority();
    if (first) {
      jobs.get(priority).addFirst(entry);
    } else {
      jobs.get(priority).addLast(entry);
    }
    best = Math.min(best, priority);
    size++;
    weight += Entry.weight(entry.job());
  }

  /** Whether this is the first job here. */
  boolean isHead(Entry entry) {
    return entry.equals(first(_ -> true));
  }

  void remove(Entry entry) {
    if (jobs.get(entry.job().spec().priority()).remove(entry)) {
      size--;
      weight -= Entry.weight(entry.job());
    }
    while (best <= JobSpec.LOWEST_PRIORITY && jobs.get(best).isEmpty()) {
      best++;
    }
  }

  /** The first job that may be taken; null = there is none. */
  @Nullable Entry first(Predicate<Entry> mayBeTaken) {
    for (int priority = best; priority <= JobSpec.LOWEST_PRIORITY; priority++) {
      for (Entry entry : jobs.get(priority)) {
        if (mayBeTaken.test(entry)) {
          return entry;
        }
      }
    }
    return null;
  }
}
