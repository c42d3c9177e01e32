package io.quikqueue.acceptance;

/** Workflows of the distributed system. */
final class StackWorkflowsTest extends Workflows {

  private final StackRun system;

  StackWorkflowsTest(StackRun system) {
    super(system);
    this.system = system;
  }

  @Override
  void killAndStart() {
    system.member("worker").kill();
    system.startWorker();
  }
}
