package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.usecase.submit.Admission;

/** What callers may do with schedules. */
public record ScheduleCases(ManageSchedules manage, OperateSchedules operate) {

  /**
   * @param admission asked whether the job of a schedule could be submitted
   */
  public static ScheduleCases of(PlanWriter plans, Admission admission) {
    return new ScheduleCases(new ManageSchedules(plans, admission), new OperateSchedules(plans));
  }
}
