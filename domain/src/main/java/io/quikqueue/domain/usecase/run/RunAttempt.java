package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.nio.charset.StandardCharsets;
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
  Ending run(ActiveAttempt attempt) {
    return outcome(attempt, handle(attempt));
  }

  /** The ending of an attempt whose handler did not heed the interrupt. */
  Ending stuck(ActiveAttempt attempt) {
    return outcome(attempt, failed("the handler does not stop", false));
  }

  private Ending handle(ActiveAttempt attempt) {
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
      return new Ending.Postponed(put, random.getAsDouble(), now);
    } catch (PermanentFailureException e) {
      String message = e.getMessage();
      Throwable thrown = e.getCause() == null ? e : e.getCause();
      return failed(
          Thrown.failure(
              message == null ? "a permanent failure without a message" : message, true, thrown));
    } catch (InterruptedException e) {
      return failed(Thrown.failure("the handler was interrupted", false, e));
    } catch (Throwable e) {
      // Whatever a handler throws is the attempt's failure; else its lease would be kept for good.
      return failed(Thrown.failure(Thrown.line(e), false, e));
    }
  }

  private Ending succeeded(JobHandler.Result result, int most) {
    String json = result.json();
    // A character is at most three bytes of UTF-8, so only long results are counted.
    if (json != null && json.length() > most / 3) {
      int bytes = json.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > most) {
        return failed("result: has %d bytes, of %d at most".formatted(bytes, most), true);
      }
    }
    return new Ending.Succeeded(result, clock.instant());
  }

  private Ending outcome(ActiveAttempt attempt, Ending handled) {
    return switch (attempt.stopped()) {
      case null -> handled;
      case TIMED_OUT -> timedOut(attempt);
      case CANCELLED -> new Ending.Dropped();
      case LOST -> new Ending.Lost();
      case DRAINED ->
          handled instanceof Ending.Succeeded ? handled : new Ending.Released(clock.instant());
    };
  }

  private Ending timedOut(ActiveAttempt attempt) {
    long millis = attempt.job().spec().policy().timeout().toMillis();
    return failed("timed out after " + millis + " ms", false);
  }

  private Ending failed(String message, boolean permanent) {
    return failed(new Failure(message, permanent));
  }

  private Ending failed(Failure failure) {
    return new Ending.Failed(failure, random.getAsDouble(), clock.instant());
  }
}
