package io.quikqueue.acceptance;

/** Jobs that are run with one call in one process. */
final class StandaloneBatchedJobsTest extends BatchedJobs {

  StandaloneBatchedJobsTest(Standalone system) {
    super(system);
  }
}
