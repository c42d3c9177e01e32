package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Renews the leases of what a worker has in its hands: attempts, jobs in the quarantine, and jobs
 * of which the store is asked. Stops what it finds to be another's.
 */
final class LeaseRenewal {

  private static final Logger LOG = System.getLogger(LeaseRenewal.class.getName());

  private final AttemptLeases leases;
  private final AttemptAdmitter admitter;
  private final CrashQuarantine quarantine;
  private final Map<AttemptId, ActiveAttempt> held;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final JobSteps steps;
  private final Redaction redaction;
  private final NodeSpawner spawner;

  /**
   * @param held the attempts in the worker's hands; those that are adopted are added
   */
  LeaseRenewal(
      AttemptLeases leases,
      AttemptAdmitter admitter,
      CrashQuarantine quarantine,
      Map<AttemptId, ActiveAttempt> held,
      InstantSource clock,
      LongSupplier nanoTime,
      JobSteps steps,
      Redaction redaction,
      NodeSpawner spawner) {
    this.spawner = spawner;
    this.leases = leases;
    this.admitter = admitter;
    this.quarantine = quarantine;
    this.held = held;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.steps = steps;
    this.redaction = redaction;
  }

  /** See {@link AttemptLifecycle#renew()}. */
  void renew() {
    leases.renew(this::leased, this::lost);
  }

  /** See {@link AttemptLifecycle#renew(List, Duration)}. */
  void renew(List<ActiveAttempt> attempts, Duration lease) {
    leases.extend(() -> leased(attempts), lease, this::lost);
  }

  /** See {@link AttemptLifecycle#adopt}. */
  void adopt(List<Job> running, Duration lease) {
    Instant now = clock.instant();
    List<ActiveAttempt> unconfirmed = new ArrayList<>(running.size());
    for (Job job : running) {
      ActiveAttempt attempt = ActiveAttempt.adopt(job, now, nanoTime, steps, redaction, spawner);
      if (held.putIfAbsent(attempt.id(), attempt) == null) {
        unconfirmed.add(attempt);
      }
    }
    try {
      renew(unconfirmed, lease);
      unconfirmed.removeIf(attempt -> !attempt.lost());
    } finally {
      unconfirmed.forEach(attempt -> held.remove(attempt.id(), attempt));
    }
  }

  private List<Job> leased() {
    List<Job> leased = admitter.asked();
    leased.addAll(quarantine.waiting());
    for (ActiveAttempt attempt : held.values()) {
      if (!attempt.lost()) {
        leased.add(attempt.job());
      }
    }
    return leased;
  }

  private List<Job> leased(List<ActiveAttempt> attempts) {
    List<Job> leased = new ArrayList<>(quarantine.waiting());
    for (ActiveAttempt attempt : attempts) {
      if (!attempt.lost() && held.get(attempt.id()) == attempt) {
        leased.add(attempt.job());
      }
    }
    return leased;
  }

  private void lost(AttemptId id) {
    admitter.lost(id);
    quarantine.remove(id);
    ActiveAttempt attempt = held.get(id);
    if (attempt != null && !attempt.over()) {
      LOG.log(
          Level.WARNING,
          () -> "event=lease_lost job_id=%s attempt=%d".formatted(id.job(), id.number()));
      attempt.stop(ActiveAttempt.Stop.LOST, nanoTime.getAsLong());
    }
  }
}
