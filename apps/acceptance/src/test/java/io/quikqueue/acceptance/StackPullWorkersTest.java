package io.quikqueue.acceptance;

/** Programs that run jobs of the distributed system. */
final class StackPullWorkersTest extends PullWorkers {

  StackPullWorkersTest(StackRun system) {
    super(system);
  }
}
