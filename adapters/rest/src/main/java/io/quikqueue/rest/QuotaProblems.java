package io.quikqueue.rest;

import io.quikqueue.domain.access.QuotaExceededException;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.SubmitResult;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;

/**
 * The problems of who would make more jobs than the quota of a key allows, with the headers of
 * draft-ietf-httpapi-ratelimit-headers-10: of a policy its quota {@code q} and its window {@code w}
 * in seconds, of what is left of it {@code r} and the seconds {@code t} until there is enough.
 */
final class QuotaProblems {

  private static final String KIND = "quota-exceeded";
  private static final String TITLE = "Quota exceeded";

  /** The header that all of them have. */
  static final String POLICY = "RateLimit-Policy";

  private static final String LEFT = "RateLimit";

  private QuotaProblems() {}

  static Problem of(QuotaExceededException e) {
    Rate rate = e.rate();
    String policy = "\"jobs\";q=%d;w=%d".formatted(rate.burst(), seconds(window(rate)));
    Duration wait = e.retryAfter();
    if (wait == null) {
      return Problem.of(
              422,
              "quota-too-small",
              "More than the quota",
              "these are %d jobs; the key may make %d at once, send fewer with each request"
                  .formatted(e.asked(), rate.burst()))
          .with("jobs", e.asked())
          .with("burst", rate.burst())
          .withHeader(POLICY, policy);
    }
    return Problem.of(
            429,
            KIND,
            TITLE,
            "the key may make %d jobs now, and these are %d; nothing was done"
                .formatted(e.left(), e.asked()))
        .with("jobs", e.asked())
        .with("left", e.left())
        .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)))
        .withHeader(POLICY, policy)
        .withHeader(LEFT, "\"jobs\";r=%d;t=%d".formatted(e.left(), seconds(wait)));
  }

  /** Of a caller who has as many jobs waiting as they may. */
  static Problem waiting(SubmitResult.Full full) {
    return Problem.of(
            429,
            KIND,
            TITLE,
            "the key has %d jobs waiting, and may have %d".formatted(full.waiting(), full.most()))
        .with("waiting", full.waiting())
        .with("max_waiting", full.most())
        .withHeader(POLICY, "\"waiting\";q=%d".formatted(full.most()))
        .withHeader(LEFT, "\"waiting\";r=0");
  }

  /** The time in which the most that there can be come. */
  private static Duration window(Rate rate) {
    return rate.per().multipliedBy(rate.burst()).dividedBy(rate.tokens());
  }

  /** Rounded up; one at least. */
  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
  }
}
