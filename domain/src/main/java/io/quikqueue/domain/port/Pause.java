package io.quikqueue.domain.port;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of this queue, type or group do not start; those that run go on.
 *
 * @param note why, for people; at most 500 characters
 * @param by the id of the caller who paused it
 */
public record Pause(PauseKey key, @Nullable String note, String by, Instant at) {

  public static final int MAX_NOTE = 500;

  /** What is paused. */
  public enum Kind {
    QUEUE,
    TYPE,
    /** Of one queue. */
    GROUP;

    /** As people and programs read it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Kind kind() {
    return key.kind();
  }

  public String name() {
    return key.name();
  }
}
