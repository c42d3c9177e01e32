package io.quikqueue.acceptance;

/** Unique jobs in the one-process service. */
final class StandaloneUniqueTest extends UniqueJourneys {

  StandaloneUniqueTest(Standalone system) {
    super(system);
  }
}
