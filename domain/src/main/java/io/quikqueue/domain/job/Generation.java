package io.quikqueue.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an earlier generation of a job ended, which a retry with changes has followed.
 *
 * @param number from 1
 * @param payload JSON text
 * @param state in which it ended
 * @param attempt the number of its last attempt, or of the next one it would have had
 * @param error why its last failed attempt failed
 * @param endedAt when it ended; null = not known
 * @param retriedAt when the next generation began
 */
public record Generation(
    int number,
    String payload,
    JobState state,
    int attempt,
    @Nullable String error,
    @Nullable Instant endedAt,
    Instant retriedAt) {

  /** How many earlier generations of a job are kept: the last ones. */
  public static final int MOST_KEPT = 10;

  /** How many characters their payloads have together; the last one is kept in any case. */
  public static final int MOST_CHARS = 4 << 20;
}
