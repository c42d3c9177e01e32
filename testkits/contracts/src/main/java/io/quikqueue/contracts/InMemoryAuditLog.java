package io.quikqueue.contracts;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.AuditLog;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The audit log in a plain collection, for tests. */
public final class InMemoryAuditLog implements AuditLog {

  private final TreeMap<JobId, AuditRecord> records = new TreeMap<>();

  @Override
  public synchronized void append(List<AuditRecord> added) {
    added.forEach(each -> records.putIfAbsent(each.id(), each));
  }

  @Override
  public synchronized void finish(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      records.computeIfPresent(
          outcome.id(),
          (_, each) ->
              each.status() == null ? each.finished(outcome.status(), outcome.target()) : each);
    }
  }

  @Override
  public synchronized List<AuditRecord> list(Query query) {
    return records.descendingMap().values().stream()
        .filter(each -> fits(query.kind(), each.kind()))
        .filter(each -> fits(query.caller(), each.caller()))
        .filter(each -> fits(query.action(), each.action()))
        .filter(each -> query.target() == null || query.target().equals(each.target()))
        .filter(each -> query.from() == null || !isBefore(each, query.from()))
        .filter(each -> query.until() == null || isBefore(each, query.until()))
        .filter(each -> query.after() == null || each.id().compareTo(query.after()) < 0)
        .limit(query.limit())
        .toList();
  }

  private static <T> boolean fits(@Nullable T asked, T has) {
    return asked == null || asked.equals(has);
  }

  private static boolean isBefore(AuditRecord record, Instant time) {
    return record.id().compareTo(JobIds.floor(time)) < 0;
  }

  @Override
  public synchronized int prune(AuditKind kind, Instant before, int limit) {
    List<JobId> old =
        records.values().stream()
            .filter(each -> each.kind() == kind && isBefore(each, before))
            .limit(limit)
            .map(AuditRecord::id)
            .toList();
    old.forEach(records::remove);
    return old.size();
  }
}
