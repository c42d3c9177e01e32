package io.quikqueue.acceptance;

/** Unique jobs in the distributed system. */
final class StackUniqueTest extends UniqueJourneys {

  StackUniqueTest(StackRun system) {
    super(system);
  }
}
