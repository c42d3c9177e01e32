package io.quikqueue.runtime;

import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import io.quikqueue.domain.usecase.audit.PruneAudit;
import java.time.Duration;
import java.time.InstantSource;

/** Has the audit log written while a process runs, and when it stops. */
public final class AuditLoop {

  private static final Duration APART = Duration.ofMillis(500);

  private AuditLoop() {}

  /** To be joined when the store is: what is left is written before that closes. */
  public static void join(Environment environment, AuditTrail trail) {
    environment.lifecycle().manage(Closing.of(trail));
    environment
        .lifecycle()
        .manage(
            new Loop(
                "audit",
                () -> {
                  trail.write();
                  return APART;
                }));
  }

  /** What deletes old records, as long as the configuration says that they are kept. */
  public static PruneAudit prune(AuditLog log, InstantSource clock, SchedulingConfig config) {
    return new PruneAudit(log, clock, config.auditRetention(), config.retention());
  }
}
