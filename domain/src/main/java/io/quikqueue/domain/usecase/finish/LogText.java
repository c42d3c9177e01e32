package io.quikqueue.domain.usecase.finish;

/** Text of users in a line of the log. */
public final class LogText {

  private LogText() {}

  /** The text, at most so many characters of it, without line breaks, control or quote marks. */
  public static String escape(String text, int most) {
    String cut = text.length() > most ? text.substring(0, most) + "…" : text;
    StringBuilder out = new StringBuilder(cut.length() + 8);
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
