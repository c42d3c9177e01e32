package io.quikqueue.rest;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.schedule.InvalidCronException;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules;

/** A schedule in a file, written as the body of {@code PUT /v1/schedules/{name}}. */
public final class ScheduleFile {

  private ScheduleFile() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying which field is wrong, and what of it
   */
  public static DeclareSchedules.Declared read(String name, String json) {
    try {
      Schedule.requireName(name);
      ScheduleReader.Asked asked = ScheduleReader.read(json);
      if (asked.spec().job().type().equals(CallbackJobs.TYPE)) {
        throw new InvalidFieldException("job.type", "is that of callbacks");
      }
      return new DeclareSchedules.Declared(asked.spec(), asked.paused(), asked.note());
    } catch (ProblemException e) {
      throw new IllegalArgumentException(e.problem().detail(), e);
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(e.field() + ": " + e.problem(), e);
    } catch (InvalidCronException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }
}
