package io.quikqueue.acceptance;

/** Schedules in one process. */
final class StandaloneSchedulesTest extends Schedules {

  StandaloneSchedulesTest(Standalone system, Effects effects) {
    super(system, effects);
  }
}
