package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/**
 * Which workflows are to be listed, newest first.
 *
 * @param state null = any
 * @param name null = any
 * @param scope only those all of whose jobs are within it
 * @param after those older than this one; null = from the newest on
 * @param limit 1 to 500
 */
public record WorkflowQuery(
    @Nullable WorkflowState state,
    @Nullable String name,
    Scope scope,
    @Nullable WorkflowId after,
    int limit) {

  /** Of all workflows. */
  public WorkflowQuery(
      @Nullable WorkflowState state, @Nullable String name, @Nullable WorkflowId after, int limit) {
    this(state, name, Scope.ALL, after, limit);
  }

  /** The same, for a caller who has to do with these jobs alone. */
  public WorkflowQuery within(Scope other) {
    return new WorkflowQuery(state, name, other, after, limit);
  }
}
