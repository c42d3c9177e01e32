package io.quikqueue.rest;

import io.quikqueue.domain.schedule.UnusableScheduleException;

/** What stands against schedules. */
final class ScheduleProblems {

  private ScheduleProblems() {}

  static Problem unknownSchedule() {
    return Problem.of(404, "unknown-schedule", "Unknown schedule", "there is no such schedule");
  }

  static Problem scheduleDeclared(String name) {
    return Problem.of(
        409,
        "schedule-declared",
        "A file says what the schedule is",
        "schedule %s is declared in a file and changes with it; it can be paused here"
            .formatted(name));
  }

  static Problem scheduleChanged(String name) {
    return Problem.of(
        412,
        "precondition-failed",
        "Precondition failed",
        "schedule %s is not that which If-Match or If-None-Match is for".formatted(name));
  }

  static Problem unusableSchedule(UnusableScheduleException e) {
    return Problem.of(
        409,
        "schedule-unusable",
        "The schedule cannot be used",
        "it cannot be used: " + e.reason());
  }
}
