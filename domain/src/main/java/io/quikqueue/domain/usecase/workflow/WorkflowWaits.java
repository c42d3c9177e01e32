package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.port.WorkflowView;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Waits for workflows that this process may end: they are over as soon as the end is committed. An
 * end that another process commits, or whose commit was not answered, is not heard of here, so
 * whoever waits also looks at the store now and then. A wait costs no thread. Safe for use by
 * several threads.
 */
public final class WorkflowWaits implements WorkflowListener {

  private final Map<WorkflowId, Set<CompletableFuture<Void>>> waiting = new ConcurrentHashMap<>();

  /**
   * A wait for the workflow to end, which whoever begins it ends by a timeout, by completing or by
   * cancelling it. Whether the workflow has ended already, look after the wait has begun.
   */
  public CompletableFuture<Void> begin(WorkflowId workflow) {
    CompletableFuture<Void> wait = new CompletableFuture<>();
    waiting.compute(
        workflow,
        (_, present) -> {
          Set<CompletableFuture<Void>> waits = present == null ? none() : present;
          waits.add(wait);
          return waits;
        });
    var _ = wait.whenComplete((_, _) -> forget(workflow, wait));
    return wait;
  }

  @Override
  public void ended(WorkflowView workflow) {
    Set<CompletableFuture<Void>> over = waiting.remove(workflow.id());
    if (over != null) {
      over.forEach(wait -> wait.complete(null));
    }
  }

  /** How many workflows are waited for. */
  int size() {
    return waiting.size();
  }

  private void forget(WorkflowId workflow, CompletableFuture<Void> wait) {
    waiting.computeIfPresent(
        workflow,
        (_, waits) -> {
          waits.remove(wait);
          return waits.isEmpty() ? null : waits;
        });
  }

  private static Set<CompletableFuture<Void>> none() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
