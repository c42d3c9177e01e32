package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line that an attempt logs.
 *
 * @param at by the store's clock
 * @param text at most {@value #LONGEST} characters
 */
public record LogLine(AttemptId attempt, Instant at, String text) {

  public static final int LONGEST = 2_000;

  public LogLine {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("a line of " + text.length() + " characters");
    }
  }

  /** A line of any text, of which what is too long is cut off. */
  public static LogLine of(AttemptId attempt, Instant at, @Nullable String text) {
    String whole = String.valueOf(text);
    if (whole.length() <= LONGEST) {
      return new LogLine(attempt, at, whole);
    }
    int end = Character.isHighSurrogate(whole.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
    return new LogLine(attempt, at, whole.substring(0, end) + "…");
  }
}
