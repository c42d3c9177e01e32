package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** Shows the audit log. */
public final class ReadAudit {

  private static final Logger LOG = System.getLogger(ReadAudit.class.getName());

  private final AuditLog log;
  private final AuditTrail trail;

  /**
   * @param trail of this process
   */
  public ReadAudit(AuditLog log, AuditTrail trail) {
    this.log = log;
    this.trail = trail;
  }

  /**
   * Records, newest first, with the outcomes that this process knows, if they can be written now.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public List<AuditRecord> list(Caller caller, AuditLog.Query query) {
    if (query.after() == null) {
      try {
        trail.writeOutcomesIfFree();
      } catch (UnavailableException e) {
        LOG.log(Level.DEBUG, "event=audit_not_written reason=store_away");
      }
    }
    return log.list(query);
  }
}
