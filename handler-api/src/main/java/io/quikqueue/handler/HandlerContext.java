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
   * Says how far the attempt is. {@code progress} of {@code GET /v1/jobs/{id}} shows it while the
   * attempt runs, about a second later; of calls that come faster the last one counts.
   *
   * @param percent 0 to 100
   * @param message a few words for people, at most 200 characters; null = none
   */
  void progress(int percent, @Nullable String message);

  /**
   * Logs a line, of which 2,000 characters are kept. {@code GET /v1/jobs/{id}/logs} shows the last
   * 1,000 of a job, also while it runs; they are written to the worker's log too, together with the
   * job's id and the attempt.
   */
  void log(@Nullable String line);

  /** The W3C trace context that the job was submitted with; null = none. */
  @Nullable String traceparent();
}
