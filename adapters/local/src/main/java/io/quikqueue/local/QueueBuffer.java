package io.quikqueue.local;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.BacklogQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One queue: the ready jobs that are in memory, and what waits in the store: the backlog of the
 * queue and, of groups that have more ready jobs than their window, backlogs of their own.
 */
final class QueueBuffer {

  final String queue;
  private final EntryList[] ready = new EntryList[JobSpec.LOWEST_PRIORITY + 1];
  private int jobs;
  private long weight;

  /** Null while no job here is of a group. */
  private @Nullable GroupLines groups;

  private final Backlog backlog = new Backlog(this, null);

  /** Of the groups that are behind. */
  private final Map<String, Backlog> backlogs = new LinkedHashMap<>(0);

  private final Set<Backlog> starving = new LinkedHashSet<>(0);

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
    return backlog.behind() || !backlogs.isEmpty();
  }

  /** What waits in the store of all groups but those that have a backlog of their own. */
  Backlog backlog() {
    return backlog;
  }

  /** The backlog that holds the jobs of a group; null = of the jobs without one. */
  Backlog backlogOf(@Nullable String group) {
    Backlog own = group == null ? null : backlogs.get(group);
    return own == null ? backlog : own;
  }

  /** The group's own backlog, a new one if need be. */
  Backlog ownBacklog(String group) {
    Backlog own = backlogs.get(group);
    if (own == null) {
      own = new Backlog(this, group);
      own.beginAt(backlog);
      backlogs.put(group, own);
    }
    return own;
  }

  /** Forgets a backlog of a group that is behind no longer. */
  void caughtUp(Backlog own) {
    String group = own.group;
    if (group != null && backlogs.remove(group, own)) {
      own.drop();
    }
  }

  /** Groups with backlogs of their own, as many as a read can pass over. */
  Set<String> someBehind() {
    return backlogs.keySet().stream()
        .limit(BacklogQuery.MOST_EXCEPT)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Notes that a group has no job here though it has a backlog. */
  void starved(Backlog own) {
    starving.add(own);
  }

  /** The backlogs of groups that had no job here; they are forgotten by this. */
  List<Backlog> starving() {
    if (starving.isEmpty()) {
      return List.of();
    }
    List<Backlog> all = List.copyOf(starving);
    starving.clear();
    return all;
  }

  /** The job to run last of those of a group that are here; null = none is. */
  @Nullable Entry worstOf(String group) {
    GroupLines of = groups;
    return of == null ? null : of.worstOf(group);
  }

  /** The ready jobs of a group that are here. */
  int jobsOf(String group) {
    GroupLines of = groups;
    return of == null ? 0 : of.jobsOf(group);
  }

  /** The ready jobs here of groups that are at their limits. */
  int heldBack() {
    GroupLines of = groups;
    return of == null ? 0 : of.heldBack();
  }

  /** The groups that have ready jobs here; jobs without a group are one, too. */
  Collection<GroupLine> lines() {
    GroupLines of = groups;
    return of == null ? List.of() : of.lines();
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

  /** How many ready jobs of its group come before one that is here. */
  int before(Entry entry) {
    int priority = entry.job().spec().priority();
    int before = 0;
    for (int better = 0; better < priority; better++) {
      before += groups == null ? ready[better].size() : groups.jobsOf(entry.group(), better);
    }
    for (Entry other = entry.previous; other != null; other = other.previous) {
      before += Objects.equals(other.group(), entry.group()) ? 1 : 0;
    }
    return before;
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
    backlogs.values().forEach(Backlog::drop);
    backlogs.clear();
    starving.clear();
    backlog.readAnew();
  }
}
