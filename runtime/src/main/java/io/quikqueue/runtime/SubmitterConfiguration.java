package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.quikqueue.domain.usecase.submit.RetryDefaults;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import java.util.Set;

/** The configuration file of a process that takes jobs in. */
public abstract class SubmitterConfiguration extends ProcessConfiguration {

  /**
   * Types of job, also those that no worker has offered yet but some will, with what their jobs
   * have by default; or only their names.
   */
  @JsonProperty
  @NotNull
  @JsonDeserialize(using = NamedDefaultsDeserializer.OfTypes.class)
  private Map<String, JobDefaultsConfig> types = Map.of();

  /** What the jobs in a queue have by default where their type has nothing. */
  @JsonProperty
  @NotNull
  @JsonDeserialize(using = NamedDefaultsDeserializer.OfQueues.class)
  private Map<String, JobDefaultsConfig> queues = Map.of();

  /** The names of the types. */
  public Set<String> types() {
    return types.keySet();
  }

  /** How often jobs are tried that do not say so. */
  public RetryDefaults retryDefaults() {
    return new RetryDefaults(JobDefaultsConfig.retries(types), JobDefaultsConfig.retries(queues));
  }
}
