package io.quikqueue.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text as a JSON string, and how long that is. */
final class JsonText {

  private JsonText() {}

  /** The text in quotes, with what JSON wants escaped. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }

  /** The bytes of JSON text in UTF-8. */
  static long length(String json) {
    long bytes = 0;
    for (int i = 0; i < json.length(); i++) {
      bytes += utf8(json.charAt(i));
    }
    return bytes;
  }

  /** How many of the first characters fit into a JSON string of that many bytes in UTF-8. */
  static int fitting(String text, int maxBytes) {
    if (text.length() <= (maxBytes - 2) / 6) {
      return text.length(); // no character takes more
    }
    int bytes = 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < ' ' ? control(c) : c == '"' || c == '\\' ? 2 : utf8(c);
      if (bytes > maxBytes) {
        return i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) ? i - 1 : i;
      }
    }
    return text.length();
  }

  private static int control(char c) {
    return c == '\b' || c == '\t' || c == '\n' || c == '\f' || c == '\r' ? 2 : 6;
  }

  /** Each half of a surrogate pair counts half of the four bytes. */
  private static int utf8(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
