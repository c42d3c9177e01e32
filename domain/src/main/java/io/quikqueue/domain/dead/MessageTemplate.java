package io.quikqueue.domain.dead;

/**
 * Reduces error messages to what those of one kind have in common: {@code {n}} stands for numbers,
 * {@code {hex}} for hexadecimal ones, {@code {id}} for UUIDs and other long identifiers, one space
 * for any white space. A template's own template is the same. Takes time in proportion to the
 * length of the message.
 */
public final class MessageTemplate {

  /** The length of the longest template. */
  public static final int MAX_LENGTH = 300;

  private static final String NUMBER = "{n}";
  private static final String HEX = "{hex}";
  private static final String ID = "{id}";

  /** Words of letters and digits from this length on are taken for identifiers. */
  private static final int LEAST_ID = 16;

  /** Words of digits and letters from a to f from this length on are taken for hexadecimal. */
  private static final int LEAST_HEX = 6;

  /** Where the groups of hexadecimal digits of a UUID end. */
  private static final String UUID_FORM = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

  private final String message;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private MessageTemplate(String message) {
    this.message = message;
  }

  /** The template of a message, at most {@link #MAX_LENGTH} characters. */
  public static String of(String message) {
    return new MessageTemplate(message).make();
  }

  private String make() {
    while (at < message.length() && out.length() <= MAX_LENGTH) {
      char c = message.charAt(at);
      if (Character.isLetterOrDigit(c)) {
        word();
      } else if (Character.isWhitespace(c) || Character.isISOControl(c)) {
        space();
        at++;
      } else {
        out.append(c);
        at++;
      }
    }
    int end = out.length();
    while (end > 0 && out.charAt(end - 1) == ' ') {
      end--;
    }
    out.setLength(end);
    return cut();
  }

  private void space() {
    if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
      out.append(' ');
    }
  }

  /** Takes the letters and digits that begin here, or the UUID. */
  private void word() {
    if (isUuid()) {
      out.append(ID);
      at += UUID_FORM.length();
      return;
    }
    int end = at;
    int digits = 0;
    int hex = 0;
    while (end < message.length() && Character.isLetterOrDigit(message.charAt(end))) {
      digits += Character.isDigit(message.charAt(end)) ? 1 : 0;
      hex += isHex(message.charAt(end)) ? 1 : 0;
      end++;
    }
    int length = end - at;
    boolean mixed = digits > 0 && digits < length;
    boolean prefixed = length > 2 && message.startsWith("0x", at) && hex == length - 1;
    if (prefixed || (mixed && hex == length && length >= LEAST_HEX)) {
      out.append(HEX);
    } else if (mixed && length >= LEAST_ID) {
      out.append(ID);
    } else if (digits == 0) {
      out.append(message, at, Math.min(end, at + MAX_LENGTH + 1));
    } else {
      lettersAndNumbers(end);
    }
    at = end;
  }

  /** Keeps the letters of a word, and puts {@code {n}} for its numbers. */
  private void lettersAndNumbers(int end) {
    for (int i = at; i < end; i++) {
      char c = message.charAt(i);
      if (!Character.isDigit(c)) {
        out.append(c);
      } else if (i == at || !Character.isDigit(message.charAt(i - 1))) {
        number(i);
      }
    }
  }

  /** {@code 1.5}, {@code 10,000} and {@code 12:30} are one number each. */
  private void number(int from) {
    int last = out.length() - 1;
    boolean goesOn =
        from == at
            && last >= NUMBER.length()
            && ".,:".indexOf(out.charAt(last)) >= 0
            && from > 0
            && message.charAt(from - 1) == out.charAt(last)
            && out.substring(last - NUMBER.length(), last).equals(NUMBER);
    if (goesOn) {
      out.setLength(last);
    } else {
      out.append(NUMBER);
    }
  }

  private boolean isUuid() {
    int end = at + UUID_FORM.length();
    if (end > message.length()
        || (end < message.length() && Character.isLetterOrDigit(message.charAt(end)))) {
      return false;
    }
    for (int i = 0; i < UUID_FORM.length(); i++) {
      char c = message.charAt(at + i);
      if (UUID_FORM.charAt(i) == '-' ? c != '-' : !isHex(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private String cut() {
    if (out.length() <= MAX_LENGTH) {
      return out.toString();
    }
    int end = MAX_LENGTH - 1;
    boolean inPair = Character.isHighSurrogate(out.charAt(end - 1));
    return out.substring(0, inPair ? end - 1 : end) + "…";
  }
}
