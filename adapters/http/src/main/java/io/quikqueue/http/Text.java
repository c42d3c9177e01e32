package io.quikqueue.http;

import java.util.regex.Pattern;

/** Text from outside made fit for a message or a log line. */
final class Text {

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]+");

  private Text() {}

  /** Cuts to the length and puts a blank where control and format characters were. */
  static String printable(String text, int maxLength) {
    String cut = text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
    return UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
  }
}
