package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.usecase.redact.SecretFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a type or queue has, and its jobs where they do not say otherwise. */
final class JobDefaultsConfig {

  /** How often they are tried. */
  @JsonProperty private @Nullable RetryConfig retry;

  /** How long one attempt may run. */
  private java.time.@Nullable Duration timeout;

  /** How much of them may run, start and wait. */
  @JsonProperty private @Nullable DeclaredLimitsConfig limits;

  /** Fields of a type's jobs that only workers get to see. */
  private @Nullable SecretFields secret;

  /**
   * @throws IllegalArgumentException saying which of them is wrong
   */
  @JsonProperty("secret")
  void setSecret(List<String> pointers) {
    secret = SecretFields.of(pointers);
  }

  /**
   * @throws IllegalArgumentException when it is out of its range
   */
  @JsonProperty("timeout")
  void setTimeout(Duration most) {
    try {
      timeout = new PolicyOptions(RetryOptions.NONE, most.toJavaDuration()).timeout();
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(e.field() + " " + e.problem(), e);
    }
  }

  boolean hasSecrets() {
    return secret != null;
  }

  /** What is secret of those names that say it. */
  static Map<String, SecretFields> secrets(Map<String, JobDefaultsConfig> named) {
    Map<String, SecretFields> secrets = new LinkedHashMap<>();
    named.forEach(
        (name, defaults) -> {
          if (defaults.secret != null) {
            secrets.put(name, defaults.secret);
          }
        });
    return secrets;
  }

  /** The limits that are declared; null = none are. */
  @Nullable Limits limits() {
    return limits == null ? null : limits.limits();
  }

  /** How the jobs are tried; null = nothing is said. */
  @Nullable PolicyOptions policy() {
    return retry == null && timeout == null
        ? null
        : new PolicyOptions(retry == null ? RetryOptions.NONE : retry.options(), timeout);
  }
}
