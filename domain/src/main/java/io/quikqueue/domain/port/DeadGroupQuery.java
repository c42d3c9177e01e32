package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/**
 * Which groups of FAILED jobs to list; null matches all.
 *
 * @param queue only groups that have jobs of this queue, which alone are counted then
 * @param scope only groups that have jobs within it, which alone are counted then
 * @param after only groups behind this one, the cursor of the page before
 * @param limit groups on the page, 1 to 500
 */
public record DeadGroupQuery(
    @Nullable String type,
    @Nullable String queue,
    @Nullable DeadStatus status,
    Scope scope,
    @Nullable String after,
    int limit) {

  public DeadGroupQuery {
    if (limit < 1 || limit > 500) {
      throw new InvalidFieldException("limit", "must be from 1 to 500");
    }
  }

  /** Of all jobs. */
  public DeadGroupQuery(
      @Nullable String type,
      @Nullable String queue,
      @Nullable DeadStatus status,
      @Nullable String after,
      int limit) {
    this(type, queue, status, Scope.ALL, after, limit);
  }

  /** The same, for a caller who has to do with these jobs alone. */
  public DeadGroupQuery within(Scope other) {
    return new DeadGroupQuery(type, queue, status, other, after, limit);
  }
}
