package io.quikqueue.acceptance;

/** Callbacks of the one-process service. */
final class StandaloneCallbacksTest extends Callbacks {

  private final Standalone system;

  StandaloneCallbacksTest(Standalone system, Effects effects) {
    super(system, effects);
    this.system = system;
  }

  @Override
  void killAndStart() {
    system.kill();
    system.start();
  }
}
