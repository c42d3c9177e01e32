package io.quikqueue.acceptance;

/** Many jobs of the distributed system changed at once. */
final class StackOperationsTest extends Operations {

  StackOperationsTest(StackRun system) {
    super(system);
  }
}
