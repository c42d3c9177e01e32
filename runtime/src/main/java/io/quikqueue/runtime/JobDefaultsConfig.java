package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quikqueue.domain.job.RetryOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the jobs of a type, or in a queue, have where they do not say otherwise. */
final class JobDefaultsConfig {

  /** How often they are tried. */
  @JsonProperty private @Nullable RetryConfig retry;

  /** How often the jobs are tried of those names that say it. */
  static Map<String, RetryOptions> retries(Map<String, JobDefaultsConfig> named) {
    Map<String, RetryOptions> retries = new LinkedHashMap<>();
    named.forEach(
        (name, defaults) -> {
          if (defaults.retry != null) {
            retries.put(name, defaults.retry.options());
          }
        });
    return retries;
  }
}
