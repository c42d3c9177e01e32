package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.limit.Rate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits of a queue or type, where no caller of the API has set any. */
public final class DeclaredLimitsConfig {

  private final Limits limits;

  /** How much starts in a time. */
  record RateConfig(
      @JsonProperty("n") @Nullable Integer n,
      @JsonProperty("per") @Nullable Duration per,
      @JsonProperty("burst") @Nullable Integer burst) {

    static @Nullable Rate of(String name, @Nullable RateConfig config) {
      return config == null ? null : Rate.of(name, config.n, java(config.per), config.burst);
    }
  }

  /**
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  @JsonCreator
  DeclaredLimitsConfig(
      @JsonProperty("concurrency") @Nullable Integer concurrency,
      @JsonProperty("concurrencyPerGroup") @Nullable Integer concurrencyPerGroup,
      @JsonProperty("rate") @Nullable RateConfig rate,
      @JsonProperty("ratePerGroup") @Nullable RateConfig ratePerGroup,
      @JsonProperty("maxWaiting") @Nullable Integer maxWaiting,
      @JsonProperty("maxWaitingPerGroup") @Nullable Integer maxWaitingPerGroup,
      @JsonProperty("onLimit") @Nullable OnLimit onLimit,
      @JsonProperty("weights") @Nullable Map<String, Integer> weights) {
    try {
      limits =
          new Limits(
              concurrency,
              concurrencyPerGroup,
              RateConfig.of("rate", rate),
              RateConfig.of("rate_per_group", ratePerGroup),
              maxWaiting,
              maxWaitingPerGroup,
              onLimit == null ? OnLimit.WAIT : onLimit,
              weights == null ? Map.of() : weights);
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(
          SettingNames.of(e.field()) + " " + SettingNames.of(e.problem()), e);
    }
  }

  private static java.time.@Nullable Duration java(@Nullable Duration duration) {
    return duration == null ? null : duration.toJavaDuration();
  }

  Limits limits() {
    return limits;
  }
}
