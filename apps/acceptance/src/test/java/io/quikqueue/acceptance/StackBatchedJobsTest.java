package io.quikqueue.acceptance;

/** Jobs that are run with one call of the distributed system. */
final class StackBatchedJobsTest extends BatchedJobs {

  StackBatchedJobsTest(StackRun system) {
    super(system);
  }
}
