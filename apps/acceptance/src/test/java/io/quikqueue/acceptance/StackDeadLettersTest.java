package io.quikqueue.acceptance;

/** Jobs that the distributed system has given up. */
final class StackDeadLettersTest extends DeadLetters {

  StackDeadLettersTest(StackRun system) {
    super(system);
  }
}
