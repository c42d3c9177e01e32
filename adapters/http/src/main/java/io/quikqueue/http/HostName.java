package io.quikqueue.http;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host of a URL in ASCII. A name in another script is lower-cased, brought into its
 * compatibility form and encoded by Punycode, label by label, as browsers do; {@code ß} is a letter
 * of its own.
 */
final class HostName {

  private static final int MAX_LABEL = 63;
  private static final int MAX_NAME = 253;
  private static final Pattern DOTS = Pattern.compile("[\u3002\uff0e\uff61]");
  private static final Pattern IGNORED = Pattern.compile("[\u00ad\u200b\u2060\ufeff\ufe00-\ufe0f]");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]+");

  private HostName() {}

  /**
   * Returns the name in ASCII and lower case.
   *
   * @throws IllegalArgumentException saying what is wrong with it, as the rest of a sentence
   */
  static String ascii(String host) {
    require(!host.isEmpty(), "must name a host");
    if (host.startsWith("[")) {
      require(host.indexOf(':') > 0, "must have an IPv6 address in the brackets");
      AddressLiteral.parse(host);
      return host.toLowerCase(Locale.ROOT);
    }
    boolean ascii = host.chars().allMatch(c -> c < 0x80);
    String name = ascii ? host.toLowerCase(Locale.ROOT) : encoded(host);
    String[] labels =
        (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).split("\\.", -1);
    for (String label : labels) {
      require(
          LABEL.matcher(label).matches(),
          "must have a host of letters, digits, hyphens, underscores and dots");
      require(
          label.length() <= MAX_LABEL, "must have a host whose labels have up to 63 characters");
    }
    require(name.length() <= MAX_NAME, "must have a host of up to 253 characters");
    boolean address = AddressLiteral.parse(name) != null;
    require(ascii || !address, "must have an address in ASCII digits");
    return name;
  }

  private static String encoded(String host) {
    String plain = IGNORED.matcher(host).replaceAll("");
    String mapped =
        Normalizer.normalize(
            Normalizer.normalize(plain, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT),
            Normalizer.Form.NFKC);
    String[] labels = DOTS.matcher(mapped).replaceAll(".").split("\\.", -1);
    for (int i = 0; i < labels.length; i++) {
      if (!labels[i].chars().allMatch(c -> c < 0x80)) {
        require(
            labels[i].codePoints().allMatch(HostName::mayStand),
            "must have a host without control characters and blanks");
        labels[i] = "xn--" + Punycode.encode(labels[i]);
      }
    }
    return String.join(".", labels);
  }

  /** ASCII within a label of another script must be what a label of ASCII may have. */
  private static boolean mayStand(int c) {
    if (c < 0x80) {
      return LABEL.matcher(Character.toString(c)).matches();
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
