package io.quikqueue.domain.usecase.access;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.WorkflowId;

/** What a request names: the thing that it reads or changes. */
public sealed interface Named {

  record Job(JobId id) implements Named {}

  record Workflow(WorkflowId id) implements Named {}

  /**
   * A schedule.
   *
   * @param mayBeNew whether it need not be there yet
   */
  record Schedule(String name, boolean mayBeNew) implements Named {}

  record Operation(JobId id) implements Named {}

  /** A group of FAILED jobs as a whole. */
  record DeadGroup(String id) implements Named {}

  /** What concerns some jobs of a queue. */
  record Queue(String name) implements Named {}

  /** What concerns all jobs of a queue. */
  record WholeQueue(String name) implements Named {}

  /** What concerns some jobs of a type. */
  record Type(String name) implements Named {}

  /** What concerns all jobs of a type. */
  record WholeType(String name) implements Named {}

  /** What concerns all jobs there are. */
  record Everything() implements Named {}
}
