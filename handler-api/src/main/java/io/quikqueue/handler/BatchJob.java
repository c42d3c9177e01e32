package io.quikqueue.handler;

import org.jspecify.annotations.Nullable;

/**
 * A job of a batch: one attempt at it. Safe for use by several threads.
 *
 * @param <P> the payload
 */
public interface BatchJob<P> {

  /** What it was submitted with. */
  P payload();

  /**
   * The attempt; always the same object. It can keep steps, but neither sleep nor wait for a
   * signal.
   */
  HandlerContext context();

  /**
   * The job is done.
   *
   * @param result written as JSON by the rules of {@link Handler#handle}; null = none
   * @return false = it is over already, and nothing has changed
   */
  boolean complete(@Nullable Object result);

  /**
   * The attempt failed.
   *
   * @param cause a {@link PermanentFailure} when another attempt would be pointless; for any other
   *     the job's retry policy decides
   * @return false = it is over already, and nothing has changed
   */
  boolean fail(Throwable cause);
}
