package io.quikqueue.domain.port;

import io.quikqueue.domain.job.WorkflowId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of workflows, newest first. It may have fewer than were asked for, even none, and still
 * have one after it.
 *
 * @param next the cursor of the page after it; null = there is none
 */
public record WorkflowPage(List<WorkflowView> workflows, @Nullable WorkflowId next) {

  public WorkflowPage {
    workflows = List.copyOf(workflows);
  }
}
