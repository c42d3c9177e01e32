package io.quikqueue.acceptance;

/** Workflows in one process. */
final class StandaloneWorkflowsTest extends Workflows {

  private final Standalone system;

  StandaloneWorkflowsTest(Standalone system) {
    super(system);
    this.system = system;
  }

  @Override
  void killAndStart() {
    system.kill();
    system.start();
  }
}
