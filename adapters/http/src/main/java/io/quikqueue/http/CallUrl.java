package io.quikqueue.http;

import io.quikqueue.domain.job.Surrogates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL to call, read as browsers read it: names in any script become ASCII, what may not stand in
 * a path or query is percent-encoded, and dot segments are gone.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in ASCII and lower case, an IPv6 address in brackets
 * @param port also when the URL leaves it out
 * @param path begins with a slash
 * @param query with its question mark; empty = none
 */
record CallUrl(String scheme, String host, int port, String path, String query) {

  private static final Pattern PARTS =
      Pattern.compile("(?i)(https?)://([^/?#\\\\]*)([^?#]*)(\\?[^#]*)?(?:#.*)?", Pattern.DOTALL);

  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(?::(\\d{0,5}))?");

  private static final String RAW = "-._~!$&'()*+,;=:@/%[]";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException saying what is wrong with it, as the rest of a sentence
   */
  static CallUrl parse(String text) {
    require(text.chars().noneMatch(Character::isISOControl), "must not have control characters");
    require(Surrogates.paired(text), "must not have half a surrogate pair");
    Matcher parts = PARTS.matcher(text.strip());
    require(parts.matches(), "must begin with http:// or https://");
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String authority = parts.group(2);
    require(authority.indexOf('@') < 0, "must not carry a user name or password");
    require(!parts.group(3).startsWith("\\"), "must have a slash behind its host, not a backslash");
    Matcher hostAndPort = AUTHORITY.matcher(authority);
    require(hostAndPort.matches(), "must have a host, and after a colon a port from 1 to 65535");
    return new CallUrl(
        scheme,
        HostName.ascii(hostAndPort.group(1)),
        port(scheme, hostAndPort.group(2)),
        path(parts.group(3)),
        parts.group(4) == null ? "" : "?" + encoded(parts.group(4).substring(1), RAW + "?"));
  }

  /** Scheme, host and port: what may be shown and logged. */
  String origin() {
    return scheme + "://" + host + ":" + port;
  }

  private static int port(String scheme, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return scheme.equals("https") ? 443 : 80;
    }
    int port = Integer.parseInt(text);
    require(port >= 1 && port <= 65_535, "must have a port from 1 to 65535");
    return port;
  }

  /** Encodes, and resolves {@code .} and {@code ..} also where they are spelt with %2e. */
  static String path(String text) {
    String[] segments = encoded(text.replace('\\', '/'), RAW).split("/", -1);
    List<String> kept = new ArrayList<>();
    for (int i = 1; i < segments.length; i++) {
      String dots = segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
      boolean up = dots.equals("..");
      if (up && !kept.isEmpty()) {
        kept.removeLast();
      }
      if (!up && !dots.equals(".")) {
        kept.add(segments[i]);
      } else if (i == segments.length - 1) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }

  private static String encoded(String text, String raw) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean kept = c < 0x80 && (Character.isLetterOrDigit(c) || raw.indexOf(c) >= 0);
      if (kept) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }

  @Override
  public String toString() {
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port) + path + query;
  }
}
