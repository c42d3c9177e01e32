package io.quikqueue.acceptance;

/** Jobs that the one-process service has given up. */
final class StandaloneDeadLettersTest extends DeadLetters {

  StandaloneDeadLettersTest(Standalone system) {
    super(system);
  }
}
