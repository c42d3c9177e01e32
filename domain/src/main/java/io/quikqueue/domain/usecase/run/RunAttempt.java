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

  private final Handlers handlers;
  private final InstantSource clock;
  private final DoubleSupplier random;

  RunAttempt(Handlers handlers, InstantSource clock, DoubleSupplier random) {
    this.handlers = handlers;
    this.clock = clock;
    this.random = random;
  }

  /** Calls the handler and says how the attempt ended, whatever was thrown. */
  Ending run(Attempting attempt) {
    return outcome(attempt, handle(attempt));
  }

  /** The ending of an attempt whose handler did not heed the interrupt. */
  Ending stuck(Attempting attempt) {
    return outcome(attempt, failed("the handler does not stop", false));
  }

  private Ending handle(Attempting attempt) {
    String type = attempt.job().spec().type();
    try {
      JobHandler handler = handlers.find(type).orElse(null);
      if (handler == null) {
        return failed("this worker has no handler for the type " + type, false);
      }
      return new Ending.Succeeded(handler.run(attempt), clock.instant());
    } catch (PostponedException e) {
      Instant now = clock.instant();
      Postponement put = new Postponement(now.plus(e.waitTime()), e.reason(), e.answer());
      return new Ending.Postponed(put, random.getAsDouble(), now);
    } catch (PermanentFailureException e) {
      String message = e.getMessage();
      return failed(message == null ? "a permanent failure without a message" : message, true);
    } catch (InterruptedException e) {
      return failed("the handler was interrupted", false);
    } catch (Throwable e) {
      // Whatever a handler throws is the attempt's failure; else its lease would be kept for good.
      return failed(Thrown.line(e), false);
    }
  }

  private Ending outcome(Attempting attempt, Ending handled) {
    return switch (attempt.stopped()) {
      case null -> handled;
      case TIMED_OUT -> timedOut(attempt);
      case CANCELLED -> new Ending.Dropped();
      case LOST -> new Ending.Lost();
      case DRAINED ->
          handled instanceof Ending.Succeeded ? handled : new Ending.Released(clock.instant());
    };
  }

  private Ending timedOut(Attempting attempt) {
    long millis = attempt.job().spec().policy().timeout().toMillis();
    return failed("timed out after " + millis + " ms", false);
  }

  private Ending failed(String message, boolean permanent) {
    return new Ending.Failed(
        new Failure(message, permanent), random.getAsDouble(), clock.instant());
  }
}
