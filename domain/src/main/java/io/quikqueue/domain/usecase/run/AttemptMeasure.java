package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Meter;
import java.time.Duration;

/** Tells a meter how an attempt ended. */
final class AttemptMeasure {

  private AttemptMeasure() {}

  static void tell(Meter meter, ActiveAttempt attempt, Ending ending) {
    Job job = attempt.job();
    Duration waited = Duration.between(job.updatedAt(), attempt.startedAt());
    String outcome =
        switch (ending) {
          case Ending.Succeeded s -> "done";
          case Ending.Failed f -> "failed";
          case Ending.Postponed p -> "postponed";
          case Ending.Crashed c -> "crashed";
          case Ending.Expired e -> "expired";
          case Ending.Released r -> "released";
          case Ending.Dropped d -> "cancelled";
          case Ending.Lost l -> "lost";
        };
    meter.ran(
        job.spec().queue(),
        job.spec().type(),
        outcome,
        waited.isNegative() ? Duration.ZERO : waited,
        attempt.ran(System.nanoTime()));
  }
}
