package io.quikqueue.acceptance;

/** Callbacks of the distributed service. */
final class StackCallbacksTest extends Callbacks {

  private final StackRun system;

  StackCallbacksTest(StackRun system, Effects effects) {
    super(system, effects);
    this.system = system;
  }

  @Override
  void killAndStart() {
    system.member("worker").kill();
    system.startWorker();
  }
}
