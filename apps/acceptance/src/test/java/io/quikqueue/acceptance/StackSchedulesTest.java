package io.quikqueue.acceptance;

/** Schedules of the distributed system. */
final class StackSchedulesTest extends Schedules {

  StackSchedulesTest(StackRun system, Effects effects) {
    super(system, effects);
  }
}
