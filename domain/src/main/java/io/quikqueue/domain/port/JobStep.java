package io.quikqueue.domain.port;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that a job remembers to have done, or waits for, by its name.
 *
 * @param attempt the attempt that did it; of a wait that goes on, the last one that asked for it
 * @param at when it was done; of a wait, when it began
 * @param until when a sleep is over, or a wait for a signal at the latest; null of results
 * @param signal the name of the signal that is waited for; null of others
 * @param value JSON text: a result, or what came with the signal; null of others
 */
public record JobStep(
    String name,
    Kind kind,
    Status status,
    int attempt,
    Instant at,
    @Nullable Instant until,
    @Nullable String signal,
    @Nullable String value) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");

  /** What it is. */
  public enum Kind {
    /** A value that an attempt has come to. */
    RESULT,
    SLEEP,
    /** A wait for a signal. */
    SIGNAL
  }

  /** Where it stands; a sleep is pending until its time has come. */
  public enum Status {
    PENDING,
    DONE,
    /** The signal did not come in time. */
    TIMED_OUT
  }

  public static JobStep result(String name, int attempt, Instant at, String value) {
    return new JobStep(name, Kind.RESULT, Status.DONE, attempt, at, null, null, value);
  }

  public static JobStep sleep(String name, int attempt, Instant at, Instant until) {
    return new JobStep(name, Kind.SLEEP, Status.PENDING, attempt, at, until, null, null);
  }

  /** A wait for a signal that has not come yet. */
  public static JobStep wait(String name, int attempt, Instant at, Instant until, String signal) {
    return new JobStep(name, Kind.SIGNAL, Status.PENDING, attempt, at, until, signal, null);
  }

  /** The wait after it was asked for by an attempt, when the signal has not come. */
  public JobStep asked(int by, Instant now) {
    boolean late = until != null && !until.isAfter(now);
    return new JobStep(
        name, kind, late ? Status.TIMED_OUT : Status.PENDING, by, at, until, signal, null);
  }

  /** The wait after the signal has come. */
  public JobStep received(int by, String payload) {
    return new JobStep(name, kind, Status.DONE, by, at, until, signal, payload);
  }

  /** Where it stands at a moment. */
  public Status statusAt(Instant now) {
    return kind == Kind.SLEEP && until != null && !until.isAfter(now) ? Status.DONE : status;
  }

  /**
   * Refuses what cannot be the name of a step or a signal.
   *
   * @throws InvalidFieldException naming the field
   */
  public static void requireName(String field, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidFieldException(field, "must be 1 to 100 of A-Z a-z 0-9 _ . : -");
    }
  }
}
