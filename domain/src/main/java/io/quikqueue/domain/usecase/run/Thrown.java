package io.quikqueue.domain.usecase.run;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a handler threw. The class is a handler's own, so each of its methods may throw
 * anything itself; then the text says so in its place.
 */
final class Thrown {

  private Thrown() {}

  /** The message; null when there is none. */
  static @Nullable String message(Throwable thrown) {
    return read(thrown::getMessage, "message");
  }

  /** The message after the short name of the class, {@code IllegalStateException: no luck}. */
  static String line(Throwable thrown) {
    String message = message(thrown);
    String name = thrown.getClass().getName();
    String shortName = name.substring(name.lastIndexOf('.') + 1);
    return message == null ? shortName : shortName + ": " + message;
  }

  private static @Nullable String read(Supplier<@Nullable String> reading, String what) {
    try {
      return reading.get();
    } catch (Throwable second) {
      // Whatever it is, the attempt has failed and its end must be recorded.
      return "(its %s cannot be read: %s)".formatted(what, second.getClass().getName());
    }
  }
}
