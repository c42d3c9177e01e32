package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Runs one attempt on the calling thread. */
final class RunAttempt {

  /** What every store holds. */
  private static final int LARGEST_RESULT = 8 << 20;

  /** For the clocks of two machines. */
  private static final Duration MARGIN = Duration.ofMillis(5);

  private final Handlers handlers;
  private final DestinationGate gate;
  private final int maxResult;
  private final InstantSource clock;
  private final DoubleSupplier random;

  /**
   * @param gate says which destinations are not to be called now
   * @param maxResult bytes of UTF-8 that a result may have
   */
  RunAttempt(
      Handlers handlers,
      DestinationGate gate,
      int maxResult,
      InstantSource clock,
      DoubleSupplier random) {
    this.handlers = handlers;
    this.gate = gate;
    this.maxResult = maxResult;
    this.clock = clock;
    this.random = random;
  }

  /** Whether the attempt is to run on a platform thread. */
  boolean mayCompute(ActiveAttempt attempt) {
    return handlers.find(attempt.job().spec().type()).map(JobHandler::mayCompute).orElse(false);
  }

  /** Calls the handler and says how the attempt ended, whatever was thrown. */
  AttemptOutcome run(ActiveAttempt attempt) {
    AttemptOutcome handled = handle(attempt);
    AttemptOutcome suspended = attempt.suspended(clock.instant());
    return outcome(attempt, suspended == null ? handled : suspended);
  }

  /** The outcome of an attempt whose handler did not heed the interrupt. */
  AttemptOutcome stuck(ActiveAttempt attempt) {
    return outcome(attempt, failed("the handler does not stop", false));
  }

  private AttemptOutcome handle(ActiveAttempt attempt) {
    JobSpec spec = attempt.job().spec();
    JobHandler handler = handlers.find(spec.type()).orElse(null);
    if (handler == null) {
      return failed("this worker has no handler for the type " + spec.type(), false);
    }
    try {
      DestinationGate.Shut shut = gate.shut(spec, handler);
      if (shut != null) {
        String reason = shut.destination() + " asked to wait (Retry-After)";
        return postponed(shut.left().plus(MARGIN), reason, null);
      }
      JobHandler.Result result = handler.run(attempt);
      int most = handler.boundsResults() ? LARGEST_RESULT : maxResult;
      return succeeded(result, most, attempt.spawned());
    } catch (PostponedException e) {
      Duration closed = e.closed();
      if (closed != null) {
        gate.close(spec, handler, closed);
      }
      return postponed(e.waitTime(), e.reason(), e.answer());
    } catch (PermanentFailureException e) {
      String message = e.getMessage();
      Throwable thrown = e.getCause() == null ? e : e.getCause();
      return failed(
          FailureConverter.failure(
              message == null ? "a permanent failure without a message" : message, true, thrown));
    } catch (InterruptedException e) {
      return failed(FailureConverter.failure("the handler was interrupted", false, e));
    } catch (Throwable e) {
      // Whatever a handler throws is the attempt's failure; else its lease would be kept for good.
      return failed(FailureConverter.failure(FailureConverter.line(e), false, e));
    }
  }

  private AttemptOutcome postponed(Duration wait, String reason, @Nullable String answer) {
    Instant now = clock.instant();
    Postponement put = new Postponement(now.plus(wait), reason, answer);
    return new AttemptOutcome.Postponed(put, random.getAsDouble(), now);
  }

  private AttemptOutcome succeeded(JobHandler.Result result, int most, List<SpawnedNode> spawned) {
    String problem = ResultSize.problem(result.json(), most);
    return problem == null
        ? new AttemptOutcome.Succeeded(result, clock.instant(), spawned)
        : failed("result: " + problem, true);
  }

  private AttemptOutcome outcome(ActiveAttempt attempt, AttemptOutcome handled) {
    return switch (attempt.stopped()) {
      case null -> handled;
      case TIMED_OUT -> handled instanceof AttemptOutcome.Suspended ? handled : timedOut(attempt);
      case CANCELLED -> new AttemptOutcome.Superseded();
      case LOST -> new AttemptOutcome.LeaseLost();
      case DRAINED ->
          handled instanceof AttemptOutcome.Succeeded || handled instanceof AttemptOutcome.Suspended
              ? handled
              : new AttemptOutcome.Released(clock.instant());
    };
  }

  private AttemptOutcome timedOut(ActiveAttempt attempt) {
    long millis = attempt.job().spec().policy().timeout().toMillis();
    return failed("timed out after " + millis + " ms", false);
  }

  private AttemptOutcome failed(String message, boolean permanent) {
    return failed(new Failure(message, permanent));
  }

  private AttemptOutcome failed(Failure failure) {
    return new AttemptOutcome.Failed(failure, random.getAsDouble(), clock.instant());
  }
}
