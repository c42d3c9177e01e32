package io.quikqueue.domain.port;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt leaves for those after it. Names are 1 to 100 of {@code A-Z a-z 0-9 _ . : -};
 * {@link io.quikqueue.domain.job.InvalidFieldException} tells of one that is not, or of a value
 * that is too large. All that writes throws {@link AttemptOverException} when the job has moved on.
 */
public interface DurableSteps {

  /** Whether the attempt goes on. */
  sealed interface Pause {

    /**
     * A sleep is over.
     *
     * @param left what is still to be waited, so little that the slot is kept; zero as a rule
     */
    record Over(Duration left) implements Pause {}

    /**
     * The signal has come.
     *
     * @param payload JSON text
     */
    record Received(String payload) implements Pause {}

    /** The signal has not come in time. */
    record TimedOut() implements Pause {}

    /** The attempt has to end now; its job sleeps, and another attempt goes on later. */
    record Suspended() implements Pause {}
  }

  /** The JSON text that is kept under a name; null = none. */
  @Nullable String find(String name);

  /**
   * Keeps a value.
   *
   * @param json JSON text
   * @return what is kept under this name, perhaps since before
   */
  String keep(String name, String json);

  /**
   * Sleeps until a moment; a sleep that an attempt before began keeps its end.
   *
   * @param until by the store's clock, see {@link #now}
   */
  Pause sleep(String name, Instant until);

  /**
   * Waits for a signal.
   *
   * @param until when it has timed out
   */
  Pause await(String name, String signal, Instant until);

  /** The time by the store's clock. */
  Instant now();
}
