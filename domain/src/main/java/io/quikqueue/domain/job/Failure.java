package io.quikqueue.domain.job;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed.
 *
 * @param message for people; cut to 2,000 characters
 * @param permanent whether another attempt would be pointless
 * @param errorClass the name of the class of what was thrown, cut to 255 characters; null when
 *     nothing was
 * @param trace where it was thrown and what caused it; cut to 8,192 characters; null when nothing
 *     was thrown
 */
public record Failure(
    String message, boolean permanent, @Nullable String errorClass, @Nullable String trace) {

  /** The length of the longest trace that is kept. */
  public static final int MAX_TRACE = 8192;

  private static final int MAX_LENGTH = 2000;
  private static final int MAX_CLASS = 255;

  public Failure {
    message = cut(message, MAX_LENGTH);
    errorClass = errorClass == null ? null : cut(errorClass, MAX_CLASS);
    trace = trace == null ? null : cut(trace, MAX_TRACE);
  }

  /** A failure by which nothing was thrown. */
  public Failure(String message, boolean permanent) {
    this(message, permanent, null, null);
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 1;
    boolean inPair = Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(0, inPair ? end - 1 : end) + "…";
  }
}
