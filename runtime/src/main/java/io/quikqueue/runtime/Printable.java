package io.quikqueue.runtime;

/** Texts as they are shown to people. */
public final class Printable {

  private Printable() {}

  /** The text on one line, without characters that a terminal would obey. */
  public static String of(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                safe.append("\\u%04x".formatted(c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  /** {@code host:port}, with an IPv6 address in brackets. */
  public static String address(String host, int port) {
    String name = of(host);
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }
}
