package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.AuditLog;
import java.util.function.LongSupplier;

/** What the API calls for the audit log. */
public record AuditCases(AuditTrail trail, ReadAudit read) {

  /**
   * Those of a store.
   *
   * @param ids by the store's clock
   * @param nanos monotonic time
   */
  public static AuditCases of(AuditLog log, JobIds ids, LongSupplier nanos) {
    AuditTrail trail = new AuditTrail(log, ids, nanos);
    return new AuditCases(trail, new ReadAudit(log, trail));
  }
}
