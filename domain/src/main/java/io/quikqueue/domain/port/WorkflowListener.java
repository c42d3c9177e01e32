package io.quikqueue.domain.port;

import java.util.List;

/**
 * Hears of workflows that have ended, once each, after the commit and in the thread that did it;
 * with each retry one ends again. Must neither throw nor block. An end whose commit was not
 * answered is not heard of.
 */
@FunctionalInterface
public interface WorkflowListener {

  /** A listener that hears nothing. */
  WorkflowListener NONE = _ -> {};

  /** Several listeners, in this order. */
  static WorkflowListener all(WorkflowListener... listeners) {
    List<WorkflowListener> all = List.of(listeners);
    return workflow -> all.forEach(each -> each.ended(workflow));
  }

  /** A workflow is in a state that is {@code terminal()} from now on. */
  void ended(WorkflowView workflow);
}
