package io.quikqueue.http;

import java.util.regex.Pattern;

/** Text from outside made fit for a message or a log line. */
final class Text {

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]+");

  private Text() {}

  /** Cuts to the length and puts a blank where control and format characters were. */
  static String printable(String text, int maxLength) {
    String cut = text;
    if (text.length() > maxLength) {
      boolean half = Character.isHighSurrogate(text.charAt(maxLength - 1));
      cut = text.substring(0, half ? maxLength - 1 : maxLength) + "…";
    }
    return UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
  }
}
