package io.quikqueue.http;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/** Reads the header Retry-After. */
final class RetryAfter {

  private static final Duration MOST = Duration.ofHours(1);
  private static final Pattern SECONDS = Pattern.compile("0*(\\d+)");

  private RetryAfter() {}

  /**
   * How long a server asks to wait, at most an hour.
   *
   * @param header seconds or an HTTP date
   * @return null when it asks for nothing: no such header, a date that has passed, or what is
   *     neither
   */
  static @Nullable Duration parse(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    String text = header.strip();
    var matcher = SECONDS.matcher(text);
    if (matcher.matches()) {
      String digits = matcher.group(1);
      return bounded(digits.length() > 9 ? MOST : Duration.ofSeconds(Long.parseLong(digits)));
    }
    Instant date = DateUtils.parseStandardDate(text);
    return date == null ? null : bounded(Duration.between(now, date));
  }

  private static @Nullable Duration bounded(Duration wait) {
    if (!wait.isPositive()) {
      return null;
    }
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
