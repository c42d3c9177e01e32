package io.quikqueue.handler;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt at a job, as its handler sees it. Safe for use by several threads. */
public interface HandlerContext {

  /** The id of the job; the same for all its attempts. */
  UUID jobId();

  /** The number of this attempt, counted from 1. */
  int attempt();

  /**
   * What is left until the attempt's deadline; zero when it has passed, and the attempt is
   * interrupted.
   */
  Duration timeLeft();

  /** Whether the job was cancelled or given to another worker, so that going on is in vain. */
  boolean cancelled();

  /**
   * Says how far the attempt is; shown while it runs.
   *
   * @param percent 0 to 100
   * @param note a few words for people; null = none
   */
  void progress(int percent, @Nullable String note);

  /** Writes a line to the worker's log, together with the job's id and the attempt. */
  void log(@Nullable String line);

  /** The W3C trace context that the job was submitted with; null = none. */
  @Nullable String traceparent();
}
