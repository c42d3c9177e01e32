package io.quikqueue.domain.limit;

import io.quikqueue.domain.job.JobState;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long jobs of a queue are kept that have ended, by the state in which they did. A state that
 * is absent is kept as long as all jobs are.
 */
public record Retention(Map<JobState, Keep> states) {

  /** As all jobs are kept. */
  public static final Retention USUAL = new Retention(Map.of());

  public static final Duration SHORTEST = Duration.ofSeconds(1);
  public static final Duration LONGEST = Duration.ofDays(3650);

  /**
   * What is kept of a state; at least one of both is given.
   *
   * @param age how long after their end; null = as long as all jobs are
   * @param count how many at most, of those that were submitted last; null = any number
   */
  public record Keep(@Nullable Duration age, @Nullable Integer count) {

    /**
     * Checks what is given.
     *
     * @throws io.quikqueue.domain.job.InvalidFieldException naming the part that is wrong
     */
    void requireValid(String field) {
      Limits.require(age != null || count != null, field, "must have age, count or both");
      Limits.require(
          age == null || (age.compareTo(SHORTEST) >= 0 && age.compareTo(LONGEST) <= 0),
          field + ".age",
          "must be from \"1s\" to \"3650d\"");
      Limits.require(
          count == null || (count >= 0 && count <= Limits.MOST),
          field + ".count",
          "must be from 0 to " + Limits.MOST);
    }
  }

  public Retention {
    states.forEach(
        (state, keep) -> {
          Limits.require(state.terminal(), "retention", "must name states that are final");
          keep.requireValid("retention." + state.name().toLowerCase(Locale.ROOT));
        });
    Map<JobState, Keep> ordered = new EnumMap<>(JobState.class);
    ordered.putAll(states);
    states = Collections.unmodifiableMap(ordered);
  }

  /** All jobs that have ended, for so long. */
  public static Retention of(Duration age) {
    Map<JobState, Keep> states = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      if (state.terminal()) {
        states.put(state, new Keep(age, null));
      }
    }
    return new Retention(states);
  }
}
