package io.quikqueue.domain.schedule;

import java.time.Instant;

/**
 * That a schedule does not fire.
 *
 * @param note why; may be empty
 * @param by who did it
 */
public record SchedulePause(String note, String by, Instant at) {

  /** Who pauses a schedule whose jobs fail. */
  public static final String SCHEDULER = "scheduler";
}
