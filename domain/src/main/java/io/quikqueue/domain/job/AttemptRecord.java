package io.quikqueue.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that ended.
 *
 * @param outcome how
 * @param startedAt null when it is not known to have started
 * @param worker who ran it; null when not known
 * @param errorClass the class of what its handler threw; null when nothing was thrown
 * @param trace where that was thrown; null when nothing was
 * @param generation of its job, see {@link Job#generation}
 */
public record AttemptRecord(
    int number,
    Outcome outcome,
    @Nullable Instant startedAt,
    Instant endedAt,
    @Nullable String worker,
    @Nullable String error,
    @Nullable String errorClass,
    @Nullable String trace,
    int generation) {

  /** An attempt that threw nothing. */
  public AttemptRecord(
      int number,
      Outcome outcome,
      @Nullable Instant startedAt,
      Instant endedAt,
      @Nullable String worker,
      @Nullable String error) {
    this(number, outcome, startedAt, endedAt, worker, error, null, null, 1);
  }

  /** The same, run by this worker. */
  public AttemptRecord by(@Nullable String who) {
    return new AttemptRecord(
        number, outcome, startedAt, endedAt, who, error, errorClass, trace, generation);
  }

  /** How an attempt can end. */
  public enum Outcome {
    DONE,
    FAILED,
    CRASHED,
    CANCELLED,
    /** Answered with a wish to wait, and not counted as a failure. */
    POSTPONED
  }
}
