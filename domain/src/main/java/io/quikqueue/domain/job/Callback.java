package io.quikqueue.domain.job;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whom to tell when a job has ended.
 *
 * @param url what is called, 1 to {@value #MOST_URL} characters; may hold secrets
 * @param on the terminal states that are told of
 */
public record Callback(String url, Set<JobState> on) {

  /** The length of the longest URL, in characters. */
  public static final int MOST_URL = 2048;

  /**
   * All terminal states but SKIPPED: who waits for the end of a job wants to hear of any, and one
   * that is skipped has never begun.
   */
  public static final Set<JobState> ANY_END =
      EnumSet.allOf(JobState.class).stream()
          .filter(state -> state.terminal() && state != JobState.SKIPPED)
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern URL = Pattern.compile("(?i)https?://\\P{Cntrl}+");

  public Callback {
    if (url.isEmpty() || url.length() > MOST_URL) {
      throw new InvalidFieldException("callback.url", "must be 1 to " + MOST_URL + " characters");
    }
    if (!URL.matcher(url).matches() || !Surrogates.paired(url)) {
      throw new InvalidFieldException(
          "callback.url", "must begin with http:// or https:// and have no control characters");
    }
    if (on.isEmpty() || !ANY_END.containsAll(on)) {
      throw new InvalidFieldException(
          "callback.on", "must name at least one of done, failed, cancelled, expired");
    }
    on = Collections.unmodifiableSet(EnumSet.copyOf(on));
  }

  /** The name of a terminal state as {@code on} and the types of events have it. */
  public static String name(JobState end) {
    return end.name().toLowerCase(Locale.ROOT);
  }

  /** All of it in one text, for {@link #parse}. */
  public String text() {
    return on.stream().map(Callback::name).collect(Collectors.joining(",")) + " " + url;
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Callback parse(String text) {
    int blank = text.indexOf(' ');
    if (blank < 0) {
      throw new IllegalArgumentException("not a callback");
    }
    Set<JobState> on = EnumSet.noneOf(JobState.class);
    for (String name : text.substring(0, blank).split(",", -1)) {
      on.add(JobState.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return new Callback(text.substring(blank + 1), on);
  }

  /** Without the URL, which may hold secrets. */
  @Override
  public String toString() {
    return "Callback[on=" + on + "]";
  }
}
