package io.quikqueue.domain.port;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A handler's word that the job cannot be done now through no fault of its own. The job waits, and
 * the attempt is not counted as a failure.
 */
public final class PostponedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Duration wait;
  private final @Nullable String answer;
  private final @Nullable Duration closed;

  /**
   * Puts the attempt off.
   *
   * @param wait from now until the next attempt, at least
   * @param reason for people
   * @param answer what the destination answered; null = nothing was sent
   */
  public PostponedException(Duration wait, String reason, @Nullable String answer) {
    this(wait, reason, answer, null);
  }

  private PostponedException(
      Duration wait, String reason, @Nullable String answer, @Nullable Duration closed) {
    super(reason);
    this.wait = wait;
    this.answer = answer;
    this.closed = closed;
  }

  /**
   * Puts the attempt off since the destination asked to be called later, so that all its jobs wait.
   *
   * @param wait as for any
   * @param closed for how long the others are to wait
   */
  public static PostponedException askedByDestination(
      Duration wait, String reason, String answer, Duration closed) {
    return new PostponedException(wait, reason, answer, closed);
  }

  /** For how long all jobs of the destination are to wait; null = only this one is. */
  public @Nullable Duration closed() {
    return closed;
  }

  public Duration waitTime() {
    return wait;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  public @Nullable String answer() {
    return answer;
  }
}
