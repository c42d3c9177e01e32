package io.quikqueue.domain.access;

import java.util.EnumSet;
import java.util.Set;

/** What a caller may do; each may also do what those before it may. */
public enum Role {
  /** Reads jobs, queues, workflows, schedules and workers. */
  VIEWER,
  /** Submits, cancels, retries and signals jobs and workflows, and leases jobs as a pull worker. */
  SUBMITTER,
  /**
   * Changes how work is done: pauses, limits, policies, priorities, schedules, operations, workers.
   */
  OPERATOR,
  /** Creates and revokes keys. */
  ADMIN;

  /** This role and those that it includes. */
  public Set<Role> included() {
    return EnumSet.range(VIEWER, this);
  }
}
