package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.AttemptOverException;
import io.quikqueue.domain.port.DurableSteps;
import io.quikqueue.domain.port.DurableSteps.Pause;
import io.quikqueue.domain.port.JobStep.Status;
import io.quikqueue.domain.usecase.run.ActiveAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what pull workers want their jobs to remember, and has the jobs sleep. */
final class LeaseSteps {

  private final LeaseContext context;
  private final HeldLeases held;

  LeaseSteps(LeaseContext context, HeldLeases held) {
    this.context = context;
    this.held = held;
  }

  /** Does what of this kind is reported; answers those after which the attempt goes on. */
  Map<LeaseReport, LeaseAnswer> answer(List<LeaseReport> reports) {
    Map<LeaseReport, LeaseAnswer> answers = new IdentityHashMap<>(0);
    for (LeaseReport report : reports) {
      if (report instanceof LeaseReport.Step
          || report instanceof LeaseReport.Sleep
          || report instanceof LeaseReport.Wait) {
        ActiveAttempt attempt = held.find(report.lease().attempt());
        LeaseAnswer answer =
            attempt == null || attempt.over() || attempt.stopped() != null
                ? null
                : answer(report, attempt);
        if (answer != null) {
          answers.put(report, answer);
        }
      }
    }
    return answers;
  }

  /** Null = the attempt is over, or its job is to sleep. */
  private @Nullable LeaseAnswer answer(LeaseReport report, ActiveAttempt attempt) {
    DurableSteps steps = attempt.steps();
    try {
      return switch (report) {
        case LeaseReport.Step(_, String name, String value) ->
            kept(attempt, Status.DONE, steps.keep(name, value));
        case LeaseReport.Sleep(_, String name, Instant until, Duration time) -> {
          Duration given = time == null ? Duration.ZERO : time;
          Instant end = until == null ? steps.now().plus(given) : until;
          yield answer(attempt, steps.sleep(name, end));
        }
        case LeaseReport.Wait(_, String name, String signal, Duration timeout) ->
            answer(attempt, steps.await(name, signal, steps.now().plus(timeout)));
        default -> null;
      };
    } catch (InvalidFieldException e) {
      return new LeaseAnswer.Refused(e.field(), e.problem());
    } catch (AttemptOverException e) {
      return null;
    }
  }

  private @Nullable LeaseAnswer answer(ActiveAttempt attempt, Pause pause) {
    return switch (pause) {
      case Pause.Over _ -> kept(attempt, Status.DONE, null);
      case Pause.Received(String payload) -> kept(attempt, Status.DONE, payload);
      case Pause.TimedOut() -> kept(attempt, Status.TIMED_OUT, null);
      case Pause.Suspended() -> null;
    };
  }

  private LeaseAnswer kept(ActiveAttempt attempt, Status status, @Nullable String value) {
    return held.answer(attempt.id()) instanceof LeaseAnswer.Held(Instant expiresAt)
        ? new LeaseAnswer.Kept(status, value, expiresAt)
        : new LeaseAnswer.Kept(status, value, context.clock().instant());
  }
}
