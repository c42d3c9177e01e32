package io.quikqueue.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP status codes from one to another, both included. */
record StatusRange(int from, int to) {

  static final StatusRange SUCCESS = new StatusRange(200, 299);

  private static final Pattern CLASS = Pattern.compile("([2-5])[xX]{2}");
  private static final Pattern CODES = Pattern.compile("(\\d{3})(?:-(\\d{3}))?");

  StatusRange {
    if (from < 200 || to > 599 || from > to) {
      throw new IllegalArgumentException("a status code is from 200 to 599");
    }
  }

  /** Reads {@code 204}, {@code 200-204} or {@code 2xx}. */
  static StatusRange parse(String text) {
    Matcher hundred = CLASS.matcher(text);
    if (hundred.matches()) {
      int from = Integer.parseInt(hundred.group(1)) * 100;
      return new StatusRange(from, from + 99);
    }
    Matcher codes = CODES.matcher(text);
    if (!codes.matches()) {
      throw new IllegalArgumentException("a status is written 204, 200-204 or 2xx");
    }
    int from = Integer.parseInt(codes.group(1));
    return new StatusRange(from, codes.group(2) == null ? from : Integer.parseInt(codes.group(2)));
  }

  boolean contains(int status) {
    return from <= status && status <= to;
  }
}
