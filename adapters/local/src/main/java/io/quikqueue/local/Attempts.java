package io.quikqueue.local;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.ExpiredLease;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The latest attempt of every job that is known: ready ones, which also wait in the buffer of their
 * queue, leased ones, and the numbers of finished ones until they are forgotten. Not safe for use
 * by several threads.
 */
final class Attempts {

  private final Map<JobId, Entry> active = new HashMap<>();
  private final EntryList leased = new EntryList();
  private final FinishedAttempts finished;

  /**
   * @param maxFinished finished attempts remembered
   * @param memory nanoseconds for which they are
   */
  Attempts(int maxFinished, long memory) {
    this.finished = new FinishedAttempts(maxFinished, memory);
  }

  /** The entry of a job that is ready or leased; null = it is not. */
  @Nullable Entry find(JobId id) {
    return active.get(id);
  }

  /** The latest attempt that is ready, leased or remembered as finished; 0 = none. */
  int latest(JobId id) {
    Entry entry = active.get(id);
    return Math.max(entry == null ? 0 : entry.attempt, finished.find(id));
  }

  /** The latest attempt that is remembered as finished; 0 = none. */
  int latestFinished(JobId id) {
    return finished.find(id);
  }

  /** Makes a job active that is not; the entry is in no list yet. */
  Entry enter(JobId id) {
    Entry entry = new Entry(id);
    active.put(id, entry);
    return entry;
  }

  /** Leases an entry that is in no list. */
  void lease(Entry entry, @Nullable String worker, long until) {
    entry.state = Entry.State.LEASED;
    entry.worker = worker;
    entry.until = until;
    leased.addLast(entry);
  }

  /** Hands over the leases that have expired. */
  void reclaimExpired(String rescuer, int limit, long until, long now, List<ExpiredLease> taken) {
    Entry entry = leased.first();
    while (entry != null && taken.size() < limit) {
      if (now - entry.until >= 0) {
        AttemptId attempt = new AttemptId(entry.id, entry.attempt);
        taken.add(new ExpiredLease(attempt, entry.updatedAt(), entry.worker));
        entry.worker = rescuer;
        entry.until = until;
      }
      entry = entry.next;
    }
  }

  /** Remembers an attempt of a job as finished; an entry of it must be forgotten. */
  void finish(JobId id, int attempt, long now) {
    finished.add(id, attempt, now);
  }

  /** Takes a leased entry out of its list; false = it was in none. */
  boolean unlist(Entry entry) {
    EntryList list = entry.list;
    if (list != null) {
      list.remove(entry);
    }
    entry.worker = null;
    return list != null;
  }

  /** Shows each entry that is leased. */
  void eachLeased(Consumer<Entry> to) {
    for (Entry entry = leased.first(); entry != null; entry = entry.next) {
      to.accept(entry);
    }
  }

  /** Forgets an entry that is in no list. */
  void forget(Entry entry) {
    active.remove(entry.id);
  }

  /** Forgets finished attempts whose time is over. */
  void expire(long now) {
    finished.expire(now);
  }
}
