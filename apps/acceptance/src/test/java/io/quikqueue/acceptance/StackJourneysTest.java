package io.quikqueue.acceptance;

/** What a user does with the distributed system. */
final class StackJourneysTest extends Journeys {

  StackJourneysTest(StackRun system, Effects effects) {
    super(system, effects);
  }
}
