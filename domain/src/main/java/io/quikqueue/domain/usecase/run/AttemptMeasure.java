package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Meter;
import java.time.Duration;

/** Tells a meter how an attempt ended. */
final class AttemptMeasure {

  private AttemptMeasure() {}

  static void tell(Meter meter, ActiveAttempt attempt, AttemptOutcome outcome, long nanos) {
    Job job = attempt.job();
    Duration waited = Duration.between(job.updatedAt(), attempt.startedAt());
    String name =
        switch (outcome) {
          case AttemptOutcome.Succeeded s -> "done";
          case AttemptOutcome.Failed f -> "failed";
          case AttemptOutcome.Postponed p -> "postponed";
          case AttemptOutcome.Suspended s -> "suspended";
          case AttemptOutcome.Crashed c -> "crashed";
          case AttemptOutcome.Expired e -> "expired";
          case AttemptOutcome.Released r -> "released";
          case AttemptOutcome.Superseded _ -> "cancelled";
          case AttemptOutcome.LeaseLost l -> "lost";
        };
    meter.ran(
        job.spec().queue(),
        job.spec().type(),
        name,
        waited.isNegative() ? Duration.ZERO : waited,
        attempt.ran(nanos));
  }
}
