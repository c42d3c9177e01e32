package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of fire times that passed while no scheduler ran.
 *
 * @param window those that passed longer ago are missed; null = an hour for {@code LAST}, no bound
 *     for {@code ALL}
 */
public record CatchUp(Kind kind, @Nullable Duration window) {

  public static final CatchUp DEFAULT = new CatchUp(Kind.LAST, null);

  /** The most fires that are made up for at once. */
  public static final int MOST = 100;

  private static final Duration USUAL_WINDOW = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  /** Which are made up for. */
  public enum Kind {
    NONE,
    /** The newest one. */
    LAST,
    /** The newest {@link CatchUp#MOST}. */
    ALL
  }

  public CatchUp {
    window = window == null ? null : window.truncatedTo(ChronoUnit.MILLIS);
    if (window != null
        && (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(LONGEST) > 0)) {
      throw new InvalidFieldException("catch_up.window", "must be from 1 s to 366 days");
    }
    if (window != null && kind == Kind.NONE) {
      throw new InvalidFieldException("catch_up.window", "goes together with last or all only");
    }
  }

  /** Whether a fire that is this late is made up for, if it is one of the newest. */
  boolean covers(Duration late) {
    Duration within =
        window != null ? window : kind == Kind.LAST ? USUAL_WINDOW : LONGEST.multipliedBy(100);
    return kind != Kind.NONE && late.compareTo(within) <= 0;
  }

  int most() {
    return switch (kind) {
      case NONE -> 0;
      case LAST -> 1;
      case ALL -> MOST;
    };
  }
}
