package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheck;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a dependency whether it is there, and does not wait longer than two seconds for the answer.
 */
public final class TimedHealthCheck extends HealthCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final String about;
  private final Callable<Result> question;

  /**
   * @param question throws, or answers unhealthy, when the dependency is not there
   */
  public TimedHealthCheck(Callable<Result> question) {
    this("", question);
  }

  private TimedHealthCheck(String about, Callable<Result> question) {
    this.about = about;
    this.question = question;
  }

  /**
   * A check of a server that is healthy when the call does not throw.
   *
   * @param server what it is and where, such as {@code Redis at 127.0.0.1:6379}: without user and
   *     password, since everybody may read it who asks
   */
  public static TimedHealthCheck of(String server, Runnable ping) {
    return new TimedHealthCheck(
        server + ": ",
        () -> {
          ping.run();
          return Result.healthy();
        });
  }

  /** A check that is healthy when the call finds nothing wrong, and answers with an empty text. */
  public static TimedHealthCheck finding(Supplier<String> problem) {
    return finding("", problem);
  }

  /** Likewise, of a server, which is named as in {@link #of}. */
  public static TimedHealthCheck findingAt(String server, Supplier<String> problem) {
    return finding(server + ": ", problem);
  }

  private static TimedHealthCheck finding(String about, Supplier<String> problem) {
    return new TimedHealthCheck(
        about,
        () -> {
          String found = problem.get();
          return found.isEmpty() ? Result.healthy() : Result.unhealthy(about + found);
        });
  }

  private static String reason(@Nullable Throwable failure) {
    return failure instanceof UnavailableException unavailable
        ? String.valueOf(unavailable.getMessage())
        : String.valueOf(failure);
  }

  @Override
  protected Result check() throws InterruptedException {
    FutureTask<Result> task = new FutureTask<>(question);
    Thread thread = Thread.ofVirtual().name("health").start(task);
    try {
      return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      return Result.unhealthy(about + "no answer within " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Result.unhealthy(about + reason(e.getCause()));
    }
  }
}
