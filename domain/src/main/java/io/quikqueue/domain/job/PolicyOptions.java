package io.quikqueue.domain.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says about how jobs are tried, and for how long.
 *
 * @param timeout as in {@link Policy}; null = not said
 */
public record PolicyOptions(RetryOptions retry, @Nullable Duration timeout) {

  /** Nothing is said. */
  public static final PolicyOptions NONE = new PolicyOptions(RetryOptions.NONE, null);

  /**
   * @throws InvalidFieldException naming the field that is wrong
   */
  public PolicyOptions {
    timeout = timeout == null ? null : Policy.DEFAULT.withTimeout(timeout).timeout();
  }

  /** These, and where they say nothing the others. */
  public PolicyOptions orElse(PolicyOptions others) {
    return new PolicyOptions(
        retry.orElse(others.retry), timeout == null ? others.timeout : timeout);
  }
}
