package io.quikqueue.domain.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says about how often a job is tried; null = not said. The delays are one thing:
 * whoever says a part of them says all of them.
 *
 * @param maxAttempts as in {@link Policy}, as the others
 */
public record RetryOptions(
    @Nullable Integer maxAttempts,
    @Nullable RetryDelays delays,
    @Nullable Duration maxElapsed,
    @Nullable Integer maxCrashes) {

  /** Nothing is said. */
  public static final RetryOptions NONE = new RetryOptions(null, null, null, null);

  /**
   * @throws InvalidFieldException naming the field of {@code retry} that is wrong
   */
  public RetryOptions {
    if (maxAttempts != null || delays != null || maxElapsed != null || maxCrashes != null) {
      over(Policy.DEFAULT, maxAttempts, delays, maxElapsed, maxCrashes);
    }
  }

  /** These, and where they say nothing the others. */
  public RetryOptions orElse(RetryOptions others) {
    return new RetryOptions(
        maxAttempts == null ? others.maxAttempts : maxAttempts,
        delays == null ? others.delays : delays,
        maxElapsed == null ? others.maxElapsed : maxElapsed,
        maxCrashes == null ? others.maxCrashes : maxCrashes);
  }

  /** These, and where they say nothing the policy. */
  public Policy over(Policy policy) {
    return equals(NONE) ? policy : over(policy, maxAttempts, delays, maxElapsed, maxCrashes);
  }

  private static Policy over(
      Policy policy,
      @Nullable Integer maxAttempts,
      @Nullable RetryDelays delays,
      @Nullable Duration maxElapsed,
      @Nullable Integer maxCrashes) {
    return new Policy(
        maxAttempts == null ? policy.maxAttempts() : maxAttempts,
        delays == null ? policy.delays() : delays,
        maxElapsed == null ? policy.maxElapsed() : maxElapsed,
        policy.timeout(),
        maxCrashes == null ? policy.maxCrashes() : maxCrashes,
        policy.own()
            | (maxAttempts == null ? 0 : Policy.OWN_MAX_ATTEMPTS)
            | (delays == null ? 0 : Policy.OWN_DELAYS)
            | (maxElapsed == null ? 0 : Policy.OWN_MAX_ELAPSED)
            | (maxCrashes == null ? 0 : Policy.OWN_MAX_CRASHES));
  }
}
