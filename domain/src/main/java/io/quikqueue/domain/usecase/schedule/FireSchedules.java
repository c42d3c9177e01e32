package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ScheduleStore.Written;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.ScheduleState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fires schedules that are due. Two that do so at once are harmless: of each decision one is
 * written.
 */
public final class FireSchedules {

  private static final Logger LOG = System.getLogger(FireSchedules.class.getName());

  private static final int BATCH = 200;
  private static final int MOST_JOBS = 500;

  /** Fires that are this near to each other are written together. */
  private static final Duration APART = Duration.ofMillis(5);

  private final PlanWriter plans;

  public FireSchedules(PlanWriter plans) {
    this.plans = plans;
  }

  /**
   * Fires one batch.
   *
   * @param most how long to wait at most
   * @return how long to wait before the next call: zero when there may be more, until the next
   *     schedule is due, else {@code most}
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Duration fire(Duration most) {
    Instant now = plans.now();
    List<Schedule> due = plans.store().due(now, BATCH);
    if (due.isEmpty()) {
      return plans
          .store()
          .nextLook()
          .filter(next -> next.isAfter(now)) // else it became due in between
          .map(next -> Duration.between(plans.now(), next))
          .map(wait -> wait.compareTo(most) > 0 ? most : wait.compareTo(APART) < 0 ? APART : wait)
          .orElse(most);
    }
    Map<JobId, JobState> states = plans.states(due);
    List<SchedulePlan> batch = new ArrayList<>();
    int jobs = 0;
    for (Schedule schedule : due) {
      SchedulePlan plan =
          plans.firing(schedule, now).settle(states).fireDue().plan(plans.nextVersion());
      if (jobs + plan.starts().size() > MOST_JOBS) {
        write(batch);
        batch.clear();
        jobs = 0;
      }
      batch.add(plan);
      jobs += plan.starts().size();
    }
    write(batch);
    return Duration.ZERO;
  }

  private void write(List<SchedulePlan> batch) {
    plans.write(batch).forEach(FireSchedules::tell);
  }

  private static void tell(Written written) {
    ScheduleState before = written.plan().before().state();
    ScheduleState after = written.plan().after().state();
    String name = written.plan().before().name();
    SchedulePause paused = after.paused();
    if (before.paused() == null && paused != null) {
      LOG.log(
          Level.WARNING,
          () -> "event=schedule_paused schedule=%s reason=\"%s\"".formatted(name, paused.note()));
    }
    if (after.missed() > before.missed()) {
      long missed = after.missed() - before.missed();
      LOG.log(
          Level.WARNING,
          () -> "event=schedule_missed schedule=%s fires=%d".formatted(name, missed));
    }
  }
}
