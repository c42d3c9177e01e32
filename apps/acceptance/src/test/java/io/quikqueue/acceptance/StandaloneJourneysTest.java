package io.quikqueue.acceptance;

/** What a user does with the one-process service. */
final class StandaloneJourneysTest extends Journeys {

  StandaloneJourneysTest(Standalone system, Effects effects) {
    super(system, effects);
  }
}
