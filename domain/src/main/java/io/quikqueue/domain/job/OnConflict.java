package io.quikqueue.domain.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a submit when another job holds its {@link Unique} slot.
 *
 * @param delay {@code DEBOUNCE}: how long after the last submit the job is due
 * @param maxDelay {@code DEBOUNCE}: how long after the first one at the latest; null = no bound
 */
public record OnConflict(Kind kind, @Nullable Duration delay, @Nullable Duration maxDelay) {

  public static final OnConflict REJECT = new OnConflict(Kind.REJECT, null, null);

  private static final Duration LONGEST = Duration.ofDays(3660);

  /** The ways there are. */
  public enum Kind {
    /** It is refused. */
    REJECT,
    /** It is answered with the job that is there, which stays as it is. */
    RETURN_EXISTING,
    /** The job that is there gets its payload, its priority and its time, unless it runs. */
    REPLACE,
    /** As {@code REPLACE}; and each submit puts the job off. */
    DEBOUNCE
  }

  public OnConflict {
    if (kind == Kind.DEBOUNCE) {
      if (delay == null) {
        throw new InvalidFieldException("unique.debounce.wait", "is required with debounce");
      }
      if (delay.compareTo(Duration.ofMillis(1)) < 0 || delay.compareTo(LONGEST) > 0) {
        throw new InvalidFieldException("unique.debounce.wait", "must be from 1 ms to 3660 days");
      }
      if (maxDelay != null && (maxDelay.compareTo(delay) < 0 || maxDelay.compareTo(LONGEST) > 0)) {
        throw new InvalidFieldException(
            "unique.debounce.max_wait", "must be from unique.debounce.wait to 3660 days");
      }
    } else if (delay != null || maxDelay != null) {
      throw new InvalidFieldException(
          "unique.debounce", "goes together with \"on_conflict\": \"debounce\" only");
    }
  }

  /** Whether the job that holds the slot is to be changed. */
  public boolean changesHolder() {
    return kind == Kind.REPLACE || kind == Kind.DEBOUNCE;
  }
}
