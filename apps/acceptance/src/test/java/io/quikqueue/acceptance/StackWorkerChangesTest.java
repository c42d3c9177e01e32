package io.quikqueue.acceptance;

/** Changes of workers of the distributed system. */
final class StackWorkerChangesTest extends WorkerChanges {

  StackWorkerChangesTest(StackRun system, Effects effects) {
    super(system, effects, "worker");
  }
}
