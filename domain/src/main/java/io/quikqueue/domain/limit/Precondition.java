package io.quikqueue.domain.limit;

import org.jspecify.annotations.Nullable;

/** What has to be in force, so that a change of limits is made. */
@FunctionalInterface
public interface Precondition {

  /** A change that is made whatever is in force. */
  Precondition NONE = _ -> true;

  /**
   * Whether the change is to be made.
   *
   * @param now null = there are no limits
   */
  boolean holds(@Nullable LimitEntry now);
}
