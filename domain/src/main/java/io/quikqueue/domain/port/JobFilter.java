package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs an operation is about; a null or empty criterion matches all.
 *
 * @param labels all of them must match
 * @param scope only jobs within it
 * @param dead only jobs of this group of FAILED jobs, see {@link DeadGroup#id}
 */
public record JobFilter(
    @Nullable JobState state,
    @Nullable String queue,
    @Nullable String type,
    Map<String, String> labels,
    Scope scope,
    @Nullable String dead) {

  public JobFilter {
    labels = Map.copyOf(labels);
  }

  /** Of all jobs. */
  public JobFilter(
      @Nullable JobState state,
      @Nullable String queue,
      @Nullable String type,
      Map<String, String> labels,
      @Nullable String dead) {
    this(state, queue, type, labels, Scope.ALL, dead);
  }

  /** The same, for a caller who has to do with these jobs alone. */
  public JobFilter within(Scope other) {
    return new JobFilter(state, queue, type, labels, other, dead);
  }

  /** Whether it matches every job. */
  public boolean isEmpty() {
    return state == null && queue == null && type == null && labels.isEmpty() && dead == null;
  }

  /** Asks for a page of the jobs that are older than one; the group has to be looked at apart. */
  public JobQuery page(JobId after, int limit) {
    return new JobQuery(state, queue, type, labels, scope, after, limit);
  }
}
