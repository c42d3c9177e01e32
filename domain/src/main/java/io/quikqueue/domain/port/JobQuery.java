package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list; a null or empty criterion matches all.
 *
 * @param labels all of them must match
 * @param scope only jobs within it
 * @param after only jobs older than this one, the cursor of the page before
 * @param limit jobs on the page, 1 to 500
 */
public record JobQuery(
    @Nullable JobState state,
    @Nullable String queue,
    @Nullable String type,
    Map<String, String> labels,
    Scope scope,
    @Nullable JobId after,
    int limit) {

  public JobQuery {
    labels = Map.copyOf(labels);
    if (limit < 1 || limit > 500) {
      throw new InvalidFieldException("limit", "must be from 1 to 500");
    }
  }

  /** Of all jobs. */
  public JobQuery(
      @Nullable JobState state,
      @Nullable String queue,
      @Nullable String type,
      Map<String, String> labels,
      @Nullable JobId after,
      int limit) {
    this(state, queue, type, labels, Scope.ALL, after, limit);
  }

  /** The same, for a caller who has to do with these jobs alone. */
  public JobQuery within(Scope other) {
    return other.equals(scope)
        ? this
        : new JobQuery(state, queue, type, labels, other, after, limit);
  }
}
