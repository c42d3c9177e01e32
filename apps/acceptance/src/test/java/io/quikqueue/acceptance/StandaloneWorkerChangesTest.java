package io.quikqueue.acceptance;

/** Changes of workers in one process. */
final class StandaloneWorkerChangesTest extends WorkerChanges {

  StandaloneWorkerChangesTest(Standalone system, Effects effects) {
    super(system, effects, "standalone");
  }
}
