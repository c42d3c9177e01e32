package io.quikqueue.domain.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is asked to be while it runs, in place of what it was configured with.
 *
 * @param worker its id as {@code GET /v1/workers} shows it
 * @param slots how many jobs it may run at once, 0 to {@value #MOST_SLOTS}; null = as configured
 * @param draining it takes no more jobs
 * @param note why, for people; at most {@link Pause#MAX_NOTE} characters
 * @param by the id of the caller who changed it last
 * @param at when that was
 */
public record DesiredState(
    String worker,
    @Nullable Integer slots,
    boolean draining,
    @Nullable String note,
    String by,
    Instant at) {

  public static final int MOST_SLOTS = 10_000;

  public DesiredState {
    if (slots != null && (slots < 0 || slots > MOST_SLOTS)) {
      throw new IllegalArgumentException("slots must be from 0 to " + MOST_SLOTS);
    }
  }

  /** Nothing is asked of the worker. */
  public static DesiredState none(String worker, String by, Instant at) {
    return new DesiredState(worker, null, false, null, by, at);
  }

  /** Whether the worker is to be as it was configured. */
  public boolean isNone() {
    return slots == null && !draining;
  }

  /** The same, with so many slots; null = as configured. */
  public DesiredState withSlots(@Nullable Integer count, String caller, Instant now) {
    return new DesiredState(worker, count, draining, note, caller, now);
  }

  /** The same, draining or not, for this reason. */
  public DesiredState withDraining(
      boolean drain, @Nullable String why, String caller, Instant now) {
    return new DesiredState(worker, slots, drain, why, caller, now);
  }
}
