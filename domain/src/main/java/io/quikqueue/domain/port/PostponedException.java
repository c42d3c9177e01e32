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

  /**
   * Puts the attempt off.
   *
   * @param wait from now until the next attempt, at least
   * @param reason for people
   * @param answer what the destination answered; null = nothing was sent
   */
  public PostponedException(Duration wait, String reason, @Nullable String answer) {
    super(reason);
    this.wait = wait;
    this.answer = answer;
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
