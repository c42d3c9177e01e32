package io.quikqueue.domain.job;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as users spell them: {@code 500ms 20s 5m 1h 2d}, or ISO 8601. */
public final class Durations {

  private static final Pattern SHORT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final int LONGEST_TEXT = 40;

  private Durations() {}

  /** Null when the text is no duration. */
  public static @Nullable Duration parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      return null;
    }
    Matcher matcher = SHORT.matcher(text);
    try {
      return matcher.matches()
          ? ofUnit(Long.parseLong(matcher.group(1)), matcher.group(2))
          : Duration.parse(text);
    } catch (DateTimeParseException | ArithmeticException e) {
      return null;
    }
  }

  /** In seconds when it is a whole number of them, else in milliseconds. */
  public static String text(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  private static Duration ofUnit(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount); // the pattern leaves nothing else
    };
  }
}
