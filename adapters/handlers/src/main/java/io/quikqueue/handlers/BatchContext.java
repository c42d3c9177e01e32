package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt in a batch. It gives no slot back: what ends the attempt of one job would leave the
 * handler, and with it all the others.
 */
final class BatchContext extends RunContext {

  BatchContext(JobRun run) {
    super(run);
  }

  @Override
  public void sleep(String name, Instant until) {
    throw refused();
  }

  @Override
  public void sleep(String name, Duration time) {
    throw refused();
  }

  @Override
  public void sleep(Instant until) {
    throw refused();
  }

  @Override
  public void sleep(Duration time) {
    throw refused();
  }

  @Override
  public <T> Optional<T> waitForSignal(String signal, Duration timeout, Class<T> type) {
    throw refused();
  }

  private static RuntimeException refused() {
    return new IllegalStateException("a job of a batch can neither sleep nor wait for a signal");
  }
}
