package io.quikqueue.domain.job;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * That a job wants to be the only one of its kind: of all jobs with the same slot at most one holds
 * it, from its submit on, while it is in one of some states.
 *
 * @param within where no other job may have the key
 * @param key what the client named, 1 to 200 characters without control characters; null = the type
 *     and the payload stand for it
 * @param slot a hash of all that makes the kind, 64 lower-case hex characters
 * @param states those in which the job holds the slot
 * @param holdsFor how long after its submit it does so at most; null = as long as it is in these
 *     states
 */
public record Unique(
    Within within,
    @Nullable String key,
    String slot,
    Set<JobState> states,
    @Nullable Duration holdsFor) {

  /** All states but the terminal ones. */
  public static final Set<JobState> UNTIL_ENDED =
      EnumSet.allOf(JobState.class).stream()
          .filter(state -> !state.terminal())
          .collect(Collectors.toUnmodifiableSet());

  /** All that a job with it can be in: a node of a workflow has none. */
  public static final Set<JobState> ANY =
      EnumSet.allOf(JobState.class).stream()
          .filter(state -> state != JobState.SKIPPED)
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern KEY = Pattern.compile("\\P{Cntrl}{1,200}");
  private static final Pattern SLOT = Pattern.compile("[0-9a-f]{64}");
  private static final Duration LONGEST = Duration.ofDays(3660);
  private static final int PARTS = 5;

  /** Where a key is unique. */
  public enum Within {
    /** Among the jobs of the job's queue. */
    QUEUE,
    /** Among the jobs of the job's type, whatever their queues. */
    TYPE
  }

  public Unique {
    if (key != null && (!KEY.matcher(key).matches() || !Surrogates.paired(key))) {
      throw new InvalidFieldException(
          "unique.key", "must be 1 to 200 characters without control characters");
    }
    if (!SLOT.matcher(slot).matches()) {
      throw new IllegalArgumentException("a slot is 64 hex characters");
    }
    if (states.isEmpty()) {
      throw new InvalidFieldException("unique.states", "must name at least one state");
    }
    if (!ANY.containsAll(states)) {
      throw new InvalidFieldException(
          "unique.states", "must not name SKIPPED, in which only nodes of workflows are");
    }
    states = Collections.unmodifiableSet(EnumSet.copyOf(states));
    if (holdsFor != null
        && (holdsFor.compareTo(Duration.ofMillis(1)) < 0 || holdsFor.compareTo(LONGEST) > 0)) {
      throw new InvalidFieldException("unique.for", "must be from 1 ms to 3660 days");
    }
  }

  /** All of it in one text, for {@link #parse}: at most 300 characters. */
  public String text() {
    return within
        + ";"
        + states.stream().map(state -> Integer.toString(state.code())).collect(Collectors.joining())
        + ";"
        + (holdsFor == null ? "" : Long.toString(holdsFor.toMillis()))
        + ";"
        + slot
        + ";"
        + (key == null ? "" : key);
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Unique parse(String text) {
    String[] part = text.split(";", PARTS);
    if (part.length != PARTS) {
      throw new IllegalArgumentException("not what makes a job unique: " + text);
    }
    Set<JobState> states =
        part[1].chars().mapToObj(code -> JobState.ofCode(code - '0')).collect(Collectors.toSet());
    return new Unique(
        Within.valueOf(part[0]),
        part[4].isEmpty() ? null : part[4],
        part[3],
        states,
        part[2].isEmpty() ? null : Duration.ofMillis(Long.parseLong(part[2])));
  }
}
