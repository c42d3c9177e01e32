package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.port.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Deletes the records of the audit log that are old, in small batches. */
public final class PruneAudit {

  private static final int BATCH = 500;

  private final AuditLog log;
  private final InstantSource clock;
  private final Duration retention;
  private final Duration jobs;

  /**
   * @param clock the store's clock
   * @param retention how long records are kept
   * @param jobs how long those of single jobs and workflows are, from when they were written
   */
  public PruneAudit(AuditLog log, InstantSource clock, Duration retention, Duration jobs) {
    this.log = log;
    this.clock = clock;
    this.retention = retention;
    this.jobs = jobs;
  }

  /**
   * Deletes one batch of each kind.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public boolean prune() {
    Instant now = clock.instant();
    boolean more = false;
    for (AuditKind kind : AuditKind.values()) {
      more |= log.prune(kind, now.minus(kept(kind)), BATCH) == BATCH;
    }
    return more;
  }

  private Duration kept(AuditKind kind) {
    return switch (kind) {
      case JOB -> jobs;
      case CHANGE, SIGN_IN, REFUSAL -> retention;
    };
  }
}
