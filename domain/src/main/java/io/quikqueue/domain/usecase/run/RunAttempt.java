package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

/** Runs one attempt on the calling thread. */
final class RunAttempt {

  /** What every store holds. */
  private static final int LARGEST_RESULT = 8 << 20;

  private final Handlers handlers;
  private final int maxResult;
  private final InstantSource clock;
  private final DoubleSupplier random;

  /**
   * @param maxResult bytes of UTF-8 that a result may have
   */
  RunAttempt(Handlers handlers, int maxResult, InstantSource clock, DoubleSupplier random) {
    this.handlers = handlers;
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
    return outcome(attempt, handle(attempt));
  }

  /** The outcome of an attempt whose handler did not heed the interrupt. */
  AttemptOutcome stuck(ActiveAttempt attempt) {
    return outcome(attempt, failed("the handler does not stop", false));
  }

  private AttemptOutcome handle(ActiveAttempt attempt) {
    String type = attempt.job().spec().type();
    try {
      JobHandler handler = handlers.find(type).orElse(null);
      if (handler == null) {
        return failed("this worker has no handler for the type " + type, false);
      }
      JobHandler.Result result = handler.run(attempt);
      return succeeded(result, handler.boundsResults() ? LARGEST_RESULT : maxResult);
    } catch (PostponedException e) {
      Instant now = clock.instant();
      Postponement put = new Postponement(now.plus(e.waitTime()), e.reason(), e.answer());
      return new AttemptOutcome.Postponed(put, random.getAsDouble(), now);
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

  private AttemptOutcome succeeded(JobHandler.Result result, int most) {
    String problem = ResultSize.problem(result.json(), most);
    return problem == null
        ? new AttemptOutcome.Succeeded(result, clock.instant())
        : failed("result: " + problem, true);
  }

  private AttemptOutcome outcome(ActiveAttempt attempt, AttemptOutcome handled) {
    return switch (attempt.stopped()) {
      case null -> handled;
      case TIMED_OUT -> timedOut(attempt);
      case CANCELLED -> new AttemptOutcome.Superseded();
      case LOST -> new AttemptOutcome.LeaseLost();
      case DRAINED ->
          handled instanceof AttemptOutcome.Succeeded
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
