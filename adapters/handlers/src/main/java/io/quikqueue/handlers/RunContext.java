package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobRun;
import io.quikqueue.handler.HandlerContext;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows an attempt to the author of a plugin. */
record RunContext(JobRun run) implements HandlerContext {

  @Override
  public UUID jobId() {
    return run.job().id().value();
  }

  @Override
  public int attempt() {
    return run.job().attempt();
  }

  @Override
  public Duration timeLeft() {
    return run.timeLeft();
  }

  @Override
  public boolean cancelled() {
    return run.cancelled();
  }

  @Override
  public void progress(int percent, @Nullable String message) {
    run.progress(percent, message);
  }

  @Override
  public void log(@Nullable String line) {
    run.log(line);
  }

  @Override
  public @Nullable String traceparent() {
    return run.job().spec().traceparent();
  }
}
