package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often jobs are tried: the fields of a job's {@code retry}, named as settings are. */
public final class RetryConfig {

  private final RetryOptions options;

  /**
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  @JsonCreator
  RetryConfig(
      @JsonProperty("maxAttempts") @Nullable Integer maxAttempts,
      @JsonProperty("kind") @Nullable String kind,
      @JsonProperty("backoff") @Nullable Duration backoff,
      @JsonProperty("backoffCap") @Nullable Duration backoffCap,
      @JsonProperty("delays") @Nullable List<Duration> delays,
      @JsonProperty("jitter") @Nullable Double jitter,
      @JsonProperty("maxElapsed") @Nullable Duration maxElapsed,
      @JsonProperty("maxCrashes") @Nullable Integer maxCrashes) {
    try {
      boolean silent =
          kind == null && backoff == null && backoffCap == null && delays == null && jitter == null;
      options =
          new RetryOptions(
              maxAttempts,
              silent
                  ? null
                  : RetryDelays.of(
                      kind == null ? null : RetryDelays.Kind.of(kind),
                      java(backoff),
                      java(backoffCap),
                      delays == null
                          ? null
                          : delays.stream().map(Duration::toJavaDuration).toList(),
                      jitter),
              java(maxElapsed),
              maxCrashes);
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(inSettings(e.field()) + " " + inSettings(e.problem()), e);
    }
  }

  /** Of "retry.max_attempts", "maxAttempts". */
  private static String inSettings(String words) {
    return SettingNames.of(words.replace("retry.", ""));
  }

  private static java.time.@Nullable Duration java(@Nullable Duration duration) {
    return duration == null ? null : duration.toJavaDuration();
  }

  RetryOptions options() {
    return options;
  }
}
