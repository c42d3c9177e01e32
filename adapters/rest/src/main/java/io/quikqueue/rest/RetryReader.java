package io.quikqueue.rest;

import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how often a job is tried: the field {@code retry}; used once. */
final class RetryReader {

  static final String FIELD = "retry";

  private @Nullable Integer maxAttempts;
  private @Nullable Duration backoff;
  private @Nullable Duration backoffCap;
  private @Nullable String kind;
  private @Nullable List<Duration> delays;
  private @Nullable Double jitter;
  private @Nullable Duration maxElapsed;
  private @Nullable Integer maxCrashes;

  void read(JsonReader json) throws IOException {
    json.objectOrNull(FIELD, name -> field(json, name));
  }

  private void field(JsonReader json, String name) throws IOException {
    String field = FIELD + "." + name;
    switch (name) {
      case "max_attempts" -> maxAttempts = json.integer(field);
      case "kind" -> kind = json.string(field);
      case "delays" -> delays = json.durations(field, RetryDelays.MOST_DELAYS);
      case "jitter" -> jitter = json.number(field);
      case "backoff" -> backoff = json.duration(field);
      case "backoff_cap" -> backoffCap = json.duration(field);
      case "max_elapsed" -> maxElapsed = json.duration(field);
      case "max_crashes" -> maxCrashes = json.integer(field);
      default -> json.unknown(field);
    }
  }

  /**
   * What was read.
   *
   * @throws io.quikqueue.domain.job.InvalidFieldException when a value is one that there cannot be
   */
  RetryOptions options() {
    RetryDelays retryDelays = retryDelays();
    return maxAttempts == null && retryDelays == null && maxElapsed == null && maxCrashes == null
        ? RetryOptions.NONE
        : new RetryOptions(maxAttempts, retryDelays, maxElapsed, maxCrashes);
  }

  private @Nullable RetryDelays retryDelays() {
    if (kind == null && backoff == null && backoffCap == null && delays == null && jitter == null) {
      return null;
    }
    return RetryDelays.of(
        kind == null ? null : RetryDelays.Kind.of(kind), backoff, backoffCap, delays, jitter);
  }
}
