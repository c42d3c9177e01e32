package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Reach;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.WorkflowProgress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as it is now, without its nodes.
 *
 * @param generation 1, and one more with each retry
 * @param nodes how many it has
 * @param owner the id of the caller who submitted it
 * @param reach of which kinds its jobs are; null = not known
 */
public record WorkflowView(
    WorkflowId id,
    String name,
    WorkflowProgress progress,
    int generation,
    int nodes,
    @Nullable String owner,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Reach reach) {

  /** Whether it exists for a caller who has to do with these jobs alone. */
  public boolean isWithin(Scope scope) {
    return scope.isAll() || (reach != null && scope.covers(reach));
  }

  /** Its next generation, which begins at this time, or at the last change when that was later. */
  public WorkflowView again(WorkflowProgress begun, Instant at) {
    return new WorkflowView(
        id,
        name,
        begun,
        generation + 1,
        nodes,
        owner,
        createdAt,
        at.isAfter(updatedAt) ? at : updatedAt,
        null,
        reach);
  }

  /** The same after nodes with these jobs were added that wait for no others. */
  public WorkflowView grown(List<JobSpec> jobs) {
    int by = jobs.size();
    return new WorkflowView(
        id,
        name,
        progress.spawned(by),
        generation,
        nodes + by,
        owner,
        createdAt,
        updatedAt,
        finishedAt,
        reach == null ? null : reach.with(jobs));
  }

  /** The same after nodes that had been retired were added again, with these jobs. */
  public WorkflowView grownAgain(List<JobSpec> jobs) {
    WorkflowProgress more = progress;
    for (int i = 0; i < jobs.size(); i++) {
      more = more.addedAgain();
    }
    return new WorkflowView(
        id,
        name,
        more,
        generation,
        nodes,
        owner,
        createdAt,
        updatedAt,
        finishedAt,
        reach == null ? null : reach.with(jobs));
  }

  /** The same after a change at this time, or at the last one when that was later. */
  public WorkflowView after(WorkflowProgress changed, Instant at) {
    Instant now = at.isAfter(updatedAt) ? at : updatedAt;
    return new WorkflowView(
        id,
        name,
        changed,
        generation,
        nodes,
        owner,
        createdAt,
        now,
        changed.state().terminal() ? now : null,
        reach);
  }
}
