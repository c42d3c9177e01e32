package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Surrogates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failure of what a handler threw. The class is a handler's own, so each of its methods may
 * throw anything itself; then the text says so in its place.
 */
final class FailureConverter {

  private static final int MAX_CHAIN = 1000;
  private static final int SHOWN_AT_AN_END = 5;
  private static final int MAX_SUPPRESSED = 3;
  private static final int MAX_MESSAGE = 500;
  private static final int FOREIGN_FRAMES = 5;

  private FailureConverter() {}

  /** The failure of an attempt by something thrown. */
  static Failure failure(String message, boolean permanent, Throwable thrown) {
    return new Failure(message, permanent, thrown.getClass().getName(), trace(thrown));
  }

  /** The message; null when there is none. */
  static @Nullable String message(Throwable thrown) {
    return read(thrown::getMessage, "(its message cannot be read: %s)");
  }

  /** The message after the short name of the class, {@code IllegalStateException: no luck}. */
  static String line(Throwable thrown) {
    String message = message(thrown);
    String name = thrown.getClass().getName();
    String shortName = name.substring(name.lastIndexOf('.') + 1);
    return message == null ? shortName : shortName + ": " + message;
  }

  /**
   * What was thrown with its causes, outermost first; of a long chain the two ends. For each the
   * frames of the handler's own code, then a few others: those of the JDK and of this program.
   */
  static String trace(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    int left = Math.max(0, chain.size() - 2 * SHOWN_AT_AN_END);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < chain.size(); i++) {
      if (left > 0 && i == SHOWN_AT_AN_END) {
        out.append("... ").append(left).append(" more causes\n");
        i += left;
      }
      int shown = Math.min(chain.size(), 2 * SHOWN_AT_AN_END);
      int done = i < SHOWN_AT_AN_END ? i : i - left;
      int budget = (Failure.MAX_TRACE - out.length()) / (shown - done);
      out.append(one(i == 0 ? "" : "Caused by: ", chain.get(i), budget));
    }
    return out.toString().stripTrailing();
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable each = thrown;
    while (each != null && chain.size() < MAX_CHAIN && seen.add(each)) {
      chain.add(each);
      each = cause(each);
    }
    return chain;
  }

  private static @Nullable Throwable cause(Throwable of) {
    try {
      return of.getCause();
    } catch (Throwable unreadable) {
      return null;
    }
  }

  /** One of the chain, in no more characters than there are, by whole lines. */
  private static String one(String head, Throwable thrown, int budget) {
    StringBuilder out = new StringBuilder();
    add(out, budget, head + titled(thrown));
    frames(out, budget, "    ", thrown);
    Throwable[] suppressed = thrown.getSuppressed();
    for (int i = 0; i < Math.min(suppressed.length, MAX_SUPPRESSED); i++) {
      add(out, budget, "  Suppressed: " + titled(suppressed[i]));
      frames(out, budget, "      ", suppressed[i]);
    }
    if (suppressed.length > MAX_SUPPRESSED) {
      add(out, budget, "  ... " + (suppressed.length - MAX_SUPPRESSED) + " more suppressed");
    }
    return out.toString();
  }

  private static String titled(Throwable thrown) {
    String name = thrown.getClass().getName();
    String message = message(thrown);
    return message == null ? name : name + ": " + firstChars(message);
  }

  private static String firstChars(String message) {
    return message.length() <= MAX_MESSAGE ? message : Surrogates.start(message, MAX_MESSAGE) + "…";
  }

  private static void frames(StringBuilder out, int budget, String indent, Throwable thrown) {
    List<StackTraceElement> own = new ArrayList<>();
    List<StackTraceElement> foreign = new ArrayList<>();
    for (StackTraceElement frame : stackTrace(thrown)) {
      (isOwn(frame) ? own : foreign).add(frame);
    }
    own.forEach(frame -> add(out, budget, indent + "at " + frame));
    foreign.stream()
        .limit(FOREIGN_FRAMES)
        .forEach(frame -> add(out, budget, indent + "at " + frame));
    if (foreign.size() > FOREIGN_FRAMES) {
      int more = foreign.size() - FOREIGN_FRAMES;
      add(out, budget, indent + "... " + more + " more frames of the JDK and QuikQueue");
    }
  }

  private static List<StackTraceElement> stackTrace(Throwable of) {
    try {
      return Arrays.stream(of.getStackTrace()).filter(Objects::nonNull).toList();
    } catch (Throwable unreadable) {
      return List.of();
    }
  }

  /** Whether the class came out of a plugin: neither the JDK nor this program loaded it. */
  private static boolean isOwn(StackTraceElement frame) {
    String loader = frame.getClassLoaderName();
    return loader != null && !loader.equals("app") && !loader.equals("platform");
  }

  private static void add(StringBuilder out, int budget, String line) {
    if (out.length() + line.length() + 1 <= budget) {
      out.append(line).append('\n');
    }
  }

  private static @Nullable String read(Supplier<@Nullable String> reading, String otherwise) {
    try {
      return reading.get();
    } catch (Throwable second) {
      // Whatever it is, the attempt has failed and its end must be recorded.
      return otherwise.formatted(second.getClass().getName());
    }
  }
}
