package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.limit.Retention;
import java.util.EnumMap;
import java.util.Locale;
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

  /** What is kept of jobs that have ended in one state. */
  record KeepConfig(
      @JsonProperty("age") @Nullable Duration age,
      @JsonProperty("count") @Nullable Integer count) {}

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
      @JsonProperty("onLimit") @Nullable String onLimit,
      @JsonProperty("retention") @Nullable Map<String, KeepConfig> retention,
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
              onLimit(onLimit),
              retention(retention),
              weights == null ? Map.of() : weights);
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(
          SettingNames.of(e.field()) + " " + SettingNames.of(e.problem()), e);
    }
  }

  private static Retention retention(@Nullable Map<String, KeepConfig> named) {
    Map<JobState, Retention.Keep> states = new EnumMap<>(JobState.class);
    (named == null ? Map.<String, KeepConfig>of() : named)
        .forEach(
            (name, keep) ->
                states.put(state(name), new Retention.Keep(java(keep.age()), keep.count())));
    return new Retention(states);
  }

  private static OnLimit onLimit(@Nullable String name) {
    if (name == null) {
      return OnLimit.WAIT;
    }
    for (OnLimit each : OnLimit.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new InvalidFieldException("on_limit", "must be wait, drop_new or cancel_oldest");
  }

  private static JobState state(String name) {
    for (JobState each : JobState.values()) {
      if (each.terminal() && each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new InvalidFieldException("retention", "must name states that are final, such as done");
  }

  private static java.time.@Nullable Duration java(@Nullable Duration duration) {
    return duration == null ? null : duration.toJavaDuration();
  }

  Limits limits() {
    return limits;
  }
}
