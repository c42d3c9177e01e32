package io.quikqueue.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A path and what lies under it, matched by whole segments. */
record PathPrefix(List<String> segments) {

  static PathPrefix of(String path) {
    String resolved = CallUrl.path(path);
    if (!plain(resolved)) {
      throw new IllegalArgumentException("a path has plain segments");
    }
    String end = resolved.endsWith("/") ? resolved.substring(0, resolved.length() - 1) : resolved;
    return new PathPrefix(List.of(end.split("/", -1)));
  }

  /**
   * Whether the path lies here for every server. One that some servers would read differently, by
   * decoding it again or leaving something out, does not.
   */
  boolean covers(String path) {
    List<String> other = List.of(path.split("/", -1));
    return other.size() >= segments.size()
        && other.subList(0, segments.size()).equals(segments)
        && plain(path);
  }

  private static boolean plain(String path) {
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      if (segments[i].isEmpty() ? !last : !plainSegment(segments[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean plainSegment(String segment) {
    String once;
    try {
      once = decoded(segment);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return false;
    }
    return once.chars().noneMatch(c -> c == '/' || c == '\\' || c == ';' || c == '%' || c < ' ')
        && !once.equals(".")
        && !once.equals("..");
  }

  private static String decoded(String segment) throws CharacterCodingException {
    byte[] bytes =
        URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
            .getBytes(StandardCharsets.ISO_8859_1);
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
