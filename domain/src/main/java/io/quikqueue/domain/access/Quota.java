package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.limit.Rate;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs the callers with a key may make. Null = any number.
 *
 * @param rate jobs in a time, with the burst as the most at once
 * @param maxWaiting jobs of the key that wait at once, 1 to 1,000,000,000
 */
public record Quota(@Nullable Rate rate, @Nullable Integer maxWaiting) {

  public static final Quota NONE = new Quota(null, null);

  private static final int MOST = 1_000_000_000;

  /** Throws an {@link InvalidFieldException} naming {@code max_waiting} when it is out of range. */
  public Quota {
    if (maxWaiting != null && (maxWaiting < 1 || maxWaiting > MOST)) {
      throw new InvalidFieldException("max_waiting", "must be from 1 to " + MOST);
    }
  }
}
