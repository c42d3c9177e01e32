package io.quikqueue.local;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.SilentLease;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest attempt of every job that is known: ready ones, which also stand in a line, leased
 * ones, and finished ones until they are forgotten. Not safe for use by several threads.
 */
final class Attempts {

  private final int maxFinished;
  private final long memory;
  private final Map<JobId, Entry> known = new HashMap<>();
  private final EntryList leased = new EntryList();
  private final EntryList finished = new EntryList();

  /**
   * @param maxFinished finished attempts remembered
   * @param memory nanoseconds for which they are
   */
  Attempts(int maxFinished, long memory) {
    this.maxFinished = maxFinished;
    this.memory = memory;
  }

  @Nullable Entry find(JobId id) {
    return known.get(id);
  }

  /** Makes a job known that is not; the entry is in no list yet. */
  Entry enter(JobId id) {
    Entry entry = new Entry(id);
    known.put(id, entry);
    return entry;
  }

  boolean knows(AttemptId attempt) {
    Entry entry = known.get(attempt.job());
    return entry != null && entry.attempt == attempt.number();
  }

  /** Leases an entry that is in no list. */
  void lease(Entry entry, @Nullable String worker, long until) {
    entry.state = Entry.State.LEASED;
    entry.worker = worker;
    entry.until = until;
    leased.addLast(entry);
  }

  /** Hands over what is leased and silent. */
  void silent(String rescuer, int limit, long until, long now, List<SilentLease> taken) {
    Entry entry = leased.first();
    while (entry != null && taken.size() < limit) {
      if (now - entry.until >= 0) {
        taken.add(new SilentLease(entry.message(), entry.worker));
        entry.worker = rescuer;
        entry.until = until;
      }
      entry = entry.next;
    }
  }

  /** Remembers an entry that is in no list as finished. */
  void finish(Entry entry, int attempt, long now) {
    entry.attempt = attempt;
    entry.state = Entry.State.FINISHED;
    entry.message = null;
    entry.worker = null;
    entry.until = now + memory;
    finished.addLast(entry);
    Entry oldest = finished.first();
    if (finished.size() > maxFinished && oldest != null) {
      unlist(oldest);
      forget(oldest);
    }
  }

  /** Takes a leased or finished entry out of its list. */
  void unlist(Entry entry) {
    EntryList list = entry.list;
    if (list != null) {
      list.remove(entry);
    }
    entry.worker = null;
  }

  /** Forgets an entry that is in no list. */
  void forget(Entry entry) {
    known.remove(entry.id);
  }

  /** Forgets finished attempts whose time is over. */
  void expire(long now) {
    for (Entry entry = finished.first();
        entry != null && now - entry.until >= 0;
        entry = finished.first()) {
      unlist(entry);
      forget(entry);
    }
  }
}
