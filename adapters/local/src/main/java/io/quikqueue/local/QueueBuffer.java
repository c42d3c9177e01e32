package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One queue: the ready jobs that are in memory, and how far the store has been read for those that
 * are not. While it is behind, every QUEUED job up to its horizon (by priority, then id) is or was
 * here, and those beyond it wait in the store.
 */
final class QueueBuffer {

  private static final int FIRST_PAGE = 32;
  private static final int LARGEST_PAGE = 200;
  private static final int SMALLEST_PAGE = 4;
  private static final long PAGE_WEIGHT = 4L << 20;

  final String queue;
  private final EntryList[] ready = new EntryList[JobSpec.LOWEST_PRIORITY + 1];
  private int jobs;
  private long weight;

  /** Null while no job here is of a group. */
  private @Nullable GroupLines groups;

  private boolean behind;
  private boolean filling;
  private boolean reading;
  private boolean readAgain;
  private @Nullable Job horizon;
  private @Nullable Job missed;
  private int lowWater;
  private int page = FIRST_PAGE;

  QueueBuffer(String queue) {
    this.queue = queue;
    for (int priority = 0; priority < ready.length; priority++) {
      ready[priority] = new EntryList();
    }
  }

  int jobs() {
    return jobs;
  }

  long weight() {
    return weight;
  }

  boolean behind() {
    return behind;
  }

  void addLast(Entry entry, LimitTable limits) {
    ready[entry.job().spec().priority()].addLast(entry);
    added(entry, false, limits);
  }

  void addFirst(Entry entry, LimitTable limits) {
    ready[entry.job().spec().priority()].addFirst(entry);
    added(entry, true, limits);
  }

  private void added(Entry entry, boolean first, LimitTable limits) {
    entry.state = Entry.State.READY;
    jobs++;
    weight += Entry.weight(entry.job());
    GroupLines of = groups;
    if (of != null) {
      of.add(entry, first, limits);
    } else if (entry.group() != null) {
      GroupLines all = new GroupLines(queue);
      entries().forEach(each -> all.add(each, false, limits));
      groups = all;
    }
  }

  void remove(Entry entry, LimitTable limits) {
    ready[entry.job().spec().priority()].remove(entry);
    jobs--;
    weight -= Entry.weight(entry.job());
    GroupLines of = groups;
    if (of != null) {
      of.remove(entry, limits);
      if (jobs == 0) {
        groups = null;
      }
    }
  }

  /** The job is being taken: it is the turn of other groups. */
  void served(Entry entry, LimitTable limits) {
    if (groups != null) {
      groups.served(entry, limits);
    }
  }

  /** An attempt of the group has ended. */
  void reopen(@Nullable String group, LimitTable limits) {
    if (groups != null) {
      groups.reopen(group, limits);
    }
  }

  /** Limits have changed. */
  void reopenAll(LimitTable limits) {
    if (groups != null) {
      groups.reopenAll(limits);
    }
  }

  /**
   * The job to run next of those that a take may have; null = none is here. Those of other types
   * that stand before it are looked at, so keep them out.
   */
  @Nullable Entry best(TakeScope take) {
    if (groups != null) {
      return groups.best(take);
    }
    for (EntryList list : ready) {
      for (Entry entry = list.first(); entry != null; entry = entry.next) {
        if (take.allows(entry)) {
          return entry;
        }
      }
    }
    return null;
  }

  /** The job to run last of those here; null = none is here. */
  @Nullable Entry worst() {
    for (int priority = ready.length - 1; priority >= 0; priority--) {
      Entry entry = ready[priority].last();
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  /** The store has jobs of which nothing is known here. */
  void behindFromTheStart() {
    behind = true;
    horizon = null;
    lowWater = jobs / 4;
  }

  /** The ready jobs that are here. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(jobs);
    for (EntryList list : ready) {
      for (Entry entry = list.first(); entry != null; entry = entry.next) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** All ready jobs are in the store alone; a read under way may not know of some. */
  void readAnew() {
    behindFromTheStart();
    readAgain = reading;
  }

  /** Whether jobs that wait in the store come before this one. */
  boolean beyond(Job job) {
    Job reached = horizon;
    return behind && (reached == null || compare(job, reached) > 0);
  }

  /** Notes that a QUEUED job is not here, or not any more, and must be read from the store. */
  void leave(Job job) {
    if (!behind) {
      behind = true;
      horizon = justBefore(job);
      lowWater = jobs / 4;
    } else if (horizon != null && compare(job, horizon) <= 0) {
      horizon = justBefore(job);
    }
    Job least = missed;
    if (reading && (least == null || compare(job, least) < 0)) {
      missed = job;
    }
  }

  /** Whether it is time to fill up from the store and nobody does so yet. */
  boolean wantsFilling() {
    return behind && !filling && jobs <= lowWater;
  }

  void beginFilling() {
    filling = true;
  }

  /** What to read next; {@link #endRead} or {@link #failRead} must follow. */
  Read beginRead(Set<String> types) {
    reading = true;
    missed = null;
    return new Read(this, types, horizon, page);
  }

  void failRead() {
    reading = false;
    readAgain = false; // the next read begins where this one should have
    missed = null;
  }

  /**
   * Notes how far the store was read.
   *
   * @param last the last job that is here now; null = none, and none was before
   * @param end whether the store had no more
   * @param full whether there is no room for more
   * @return whether filling goes on
   */
  boolean endRead(@Nullable Job last, boolean end, boolean full) {
    Job least = missed;
    reading = false;
    missed = null;
    if (readAgain) {
      readAgain = false;
      horizon = null;
    } else if (end && least == null) {
      behind = false;
      filling = false;
      horizon = null;
    } else if (last != null) {
      horizon =
          least != null && compare(least, last) <= 0 ? justBefore(least) : copy(last, last.id());
    }
    if (full) {
      filling = false;
      lowWater = jobs / 4;
    }
    return filling;
  }

  /** Fits the size of the next page to the weight of the last one. */
  void pageWeighed(int rows, long pageWeight) {
    if (rows > 0) {
      long fitting = PAGE_WEIGHT / Math.max(1, pageWeight / rows);
      page = (int) Math.clamp(fitting, SMALLEST_PAGE, LARGEST_PAGE);
    }
  }

  /**
   * A page of the store to read.
   *
   * @param types the types of job to read; empty = all
   */
  record Read(QueueBuffer buffer, Set<String> types, @Nullable Job after, int limit) {}

  /** The order of {@link io.quikqueue.domain.port.ActiveJobs#backlog}. */
  private static int compare(Job a, Job b) {
    int byPriority = Integer.compare(a.spec().priority(), b.spec().priority());
    return byPriority != 0 ? byPriority : a.id().compareTo(b.id());
  }

  private static Job justBefore(Job job) {
    UUID id = job.id().value();
    long low = id.getLeastSignificantBits() - 1;
    long high = id.getMostSignificantBits() - (low == -1L ? 1 : 0);
    return copy(job, new JobId(new UUID(high, low)));
  }

  /** A place in the order, without what makes a job heavy. */
  private static Job copy(Job job, JobId id) {
    JobSpec spec = job.spec().toBuilder().payload("").deadline(null).labels(Map.of()).build();
    return job.toBuilder().id(id).spec(spec).deadlineLifted(false).note(null).error(null).build();
  }
}
