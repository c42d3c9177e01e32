package io.quikqueue.domain.port;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of who changed what. They are added and grow old; nothing else changes them but that
 * an outcome comes to one that has none. All methods throw {@link UnavailableException} when the
 * store cannot be reached.
 */
public interface AuditLog {

  /**
   * What became of a change.
   *
   * @param status of the answer
   * @param target what the answer names, for a record that has no target; null = nothing
   */
  record Outcome(JobId id, int status, @Nullable String target) {}

  /**
   * Which records are asked for.
   *
   * @param kind null = of all
   * @param caller null = of all
   * @param action null = all
   * @param target null = whatever it is
   * @param from not before this; null = from the first
   * @param until before this; null = to the last
   * @param after only older ones than this; null = from the newest
   * @param limit of records, at least 1
   */
  record Query(
      @Nullable AuditKind kind,
      @Nullable String caller,
      @Nullable String action,
      @Nullable String target,
      @Nullable Instant from,
      @Nullable Instant until,
      @Nullable JobId after,
      int limit) {

    /** All, of which those behind this one. */
    public static Query all(@Nullable JobId after, int limit) {
      return new Query(null, null, null, null, null, null, after, limit);
    }

    /** The same, of which those behind this one. */
    public Query behind(JobId last) {
      return new Query(kind, caller, action, target, from, until, last, limit);
    }
  }

  /** Adds records in one transaction. Those whose id is there stay as they are. */
  void append(List<AuditRecord> records);

  /** Tells what became of changes. A record that has an outcome stays as it is. */
  void finish(List<Outcome> outcomes);

  /** Records, newest first. */
  List<AuditRecord> list(Query query);

  /** Deletes the oldest records of a kind before this, up to so many; returns how many. */
  int prune(AuditKind kind, Instant before, int limit);
}
