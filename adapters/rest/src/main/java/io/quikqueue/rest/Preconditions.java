package io.quikqueue.rest;

import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.Precondition;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers If-Match and If-None-Match of a request (RFC 9110, section 13). If-Match compares
 * strongly, so that a tag which was weakened on its way matches nothing; If-None-Match compares
 * weakly.
 */
final class Preconditions implements Precondition {

  private static final String ANY = "*";
  private static final Pattern TAG =
      Pattern.compile("[ \\t]*((?:W/)?\"[!#-~\\x80-\\xff]*\")[ \\t]*(?:,|$)");
  private static final Pattern NOTHING = Pattern.compile("[ \\t,]*");

  /** Null = the header was not sent. */
  private final @Nullable List<String> match;

  private final @Nullable List<String> noneMatch;

  /**
   * @throws ProblemException naming a header that cannot be read
   */
  Preconditions(HttpServletRequest request) {
    match = tags(request, HttpHeaders.IF_MATCH);
    noneMatch = tags(request, HttpHeaders.IF_NONE_MATCH);
  }

  /** The tag of an entry, which is strong: what has this version is the same byte by byte. */
  static String tag(LimitEntry entry) {
    return tag(entry.version());
  }

  static String tag(long version) {
    return "\"" + version + "\"";
  }

  @Override
  public boolean holds(@Nullable LimitEntry now) {
    return matches(now) && !isKnown(now);
  }

  /** Whether If-Match allows for this. */
  boolean matches(@Nullable LimitEntry now) {
    return matches(version(now));
  }

  /** Whether If-None-Match names this. */
  boolean isKnown(@Nullable LimitEntry now) {
    return isKnown(version(now));
  }

  private static @Nullable Long version(@Nullable LimitEntry entry) {
    return entry == null ? null : (Long) entry.version();
  }

  /** Whether If-Match allows for this version; null = there is nothing. */
  boolean matches(@Nullable Long version) {
    return match == null
        || version != null && (match.contains(ANY) || match.contains(tag(version)));
  }

  /** Whether If-None-Match names this version; null = there is nothing. */
  boolean isKnown(@Nullable Long version) {
    return noneMatch != null
        && version != null
        && (noneMatch.contains(ANY)
            || noneMatch.contains(tag(version))
            || noneMatch.contains("W/" + tag(version)));
  }

  private static @Nullable List<String> tags(HttpServletRequest request, String header) {
    List<String> lines = Collections.list(request.getHeaders(header));
    if (lines.isEmpty()) {
      return null;
    }
    String all = String.join(",", lines).strip();
    if (all.equals(ANY)) {
      return List.of(ANY);
    }
    List<String> tags = new ArrayList<>();
    Matcher tag = TAG.matcher(all);
    int end = 0;
    while (end < all.length() && tag.region(end, all.length()).lookingAt()) {
      tags.add(tag.group(1));
      end = tag.end();
    }
    if (tags.isEmpty() || !NOTHING.matcher(all.substring(end)).matches()) {
      throw new ProblemException(
          Problems.invalidParameter(
              header, "must be * or tags as the header ETag has them, between commas"));
    }
    return tags;
  }
}
