package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheck;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks a dependency whether it is there, and does not wait longer than two seconds for the answer.
 */
public final class TimedHealthCheck extends HealthCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Callable<Result> question;

  /**
   * @param question throws, or answers unhealthy, when the dependency is not there
   */
  public TimedHealthCheck(Callable<Result> question) {
    this.question = question;
  }

  /** A check that is healthy when the call does not throw. */
  public static TimedHealthCheck of(Runnable ping) {
    return new TimedHealthCheck(
        () -> {
          ping.run();
          return Result.healthy();
        });
  }

  /** A check that is healthy when the call finds nothing wrong, and answers with an empty text. */
  public static TimedHealthCheck finding(Supplier<String> problem) {
    return new TimedHealthCheck(
        () -> {
          String found = problem.get();
          return found.isEmpty() ? Result.healthy() : Result.unhealthy(found);
        });
  }

  @Override
  protected Result check() throws InterruptedException {
    FutureTask<Result> task = new FutureTask<>(question);
    Thread thread = Thread.ofVirtual().name("health").start(task);
    try {
      return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      return Result.unhealthy("no answer within " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Result.unhealthy(String.valueOf(e.getCause()));
    }
  }
}
