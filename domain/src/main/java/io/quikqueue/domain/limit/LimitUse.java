package io.quikqueue.domain.limit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much of one limit is used.
 *
 * @param running jobs
 * @param concurrency how many may; null = any number
 * @param tokensIn how long until there are tokens to start a certain job; zero = there are, null =
 *     it needs none
 */
public record LimitUse(int running, @Nullable Integer concurrency, @Nullable Duration tokensIn) {

  /** Whether as many run as may. */
  public boolean isFull() {
    Integer most = concurrency;
    return most != null && running >= most;
  }
}
