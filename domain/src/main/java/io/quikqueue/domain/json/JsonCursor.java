package io.quikqueue.domain.json;

/**
 * Walks over a JSON text without building anything of it. It checks no more than it needs to find
 * its way, and never recurses: a text may nest as deeply as it likes.
 */
public final class JsonCursor {

  private final String text;
  private int at;

  public JsonCursor(String text) {
    this(text, 0);
  }

  /** Begins at this position. */
  public JsonCursor(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /** Where the next token begins; skips the space before it. */
  public int position() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  /** Behind what was read last. */
  public int at() {
    return at;
  }

  /**
   * The first character of the next token.
   *
   * @throws IllegalArgumentException at the end
   */
  public char peek() {
    if (position() >= text.length()) {
      throw new IllegalArgumentException("not JSON: cut off");
    }
    return text.charAt(at);
  }

  /** Skips this character, if it is what comes next. */
  public boolean skip(char wanted) {
    boolean found = position() < text.length() && text.charAt(at) == wanted;
    at += found ? 1 : 0;
    return found;
  }

  /**
   * Skips this character.
   *
   * @throws IllegalArgumentException when it is not what comes next
   */
  public void require(char wanted) {
    if (!skip(wanted)) {
      throw new IllegalArgumentException("not JSON: no " + wanted + " at " + at);
    }
  }

  /**
   * Skips a value, or the text behind a name.
   *
   * @return where it ends
   * @throws IllegalArgumentException when it does not
   */
  public int skipValue() {
    long depth = 0;
    do {
      switch (peek()) {
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':' -> at++;
        case '"' -> skipString();
        default -> skipWord();
      }
    } while (depth > 0);
    return at;
  }

  /** Skips a string, and returns what it stands for. */
  public String string() {
    int start = position();
    skipString();
    return decoded(text.substring(start + 1, at - 1));
  }

  /** Skips a number, or another word, and returns it. */
  public String word() {
    int start = position();
    skipWord();
    return text.substring(start, at);
  }

  private void skipString() {
    require('"');
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next == '"') {
        return;
      }
      at += next == '\\' ? 1 : 0;
    }
    throw new IllegalArgumentException("not JSON: a string without end");
  }

  private void skipWord() {
    int start = at;
    while (at < text.length() && ",:{}[]\" \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw new IllegalArgumentException("not JSON: nothing at " + at);
    }
  }

  private static String decoded(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\' || i + 1 >= raw.length()) {
        out.append(c);
        continue;
      }
      char escaped = raw.charAt(++i);
      if (escaped == 'u' && i + 4 < raw.length()) {
        out.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        int known = "bfnrt".indexOf(escaped);
        out.append(known < 0 ? escaped : "\b\f\n\r\t".charAt(known));
      }
    }
    return out.toString();
  }
}
