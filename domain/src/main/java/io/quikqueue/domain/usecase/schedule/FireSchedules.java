package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.ScheduleStore.Written;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.ScheduleState;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.UnreadableSchedule;
import io.quikqueue.domain.usecase.finish.LogText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fires schedules that are due. Two that do so at once are harmless: of each decision one is
 * written. Not safe for use by several threads.
 */
public final class FireSchedules {

  private static final Logger LOG = System.getLogger(FireSchedules.class.getName());

  private static final int BATCH = 200;
  private static final int MOST_JOBS = 500;
  private static final int MOST_REASON = 200;

  /** Fires that are this near to each other are written together. */
  private static final Duration APART = Duration.ofMillis(5);

  /** Between two looks at one that cannot fire here. */
  private static final Duration UNUSABLE_LOOK = Duration.ofMinutes(1);

  private final PlanWriter plans;

  /** Those of which was told that they cannot fire, by name and version. */
  private final Set<String> told = new HashSet<>();

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
    List<StoredSchedule> looked = plans.store().due(now, BATCH);
    if (looked.isEmpty()) {
      return plans
          .store()
          .nextLook()
          .filter(next -> next.isAfter(now)) // else it became due in between
          .map(next -> Duration.between(plans.now(), next))
          .map(wait -> wait.compareTo(most) > 0 ? most : wait.compareTo(APART) < 0 ? APART : wait)
          .orElse(most);
    }
    List<Schedule> due = usable(looked, now);
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

  /** Puts off the others, so that they keep nothing from firing. */
  private List<Schedule> usable(List<StoredSchedule> looked, Instant now) {
    List<Schedule> usable = new ArrayList<>(looked.size());
    List<StoredSchedule> others = new ArrayList<>(0);
    for (StoredSchedule each : looked) {
      switch (each) {
        case Schedule schedule -> {
          String reason = schedule.unusable();
          if (reason == null) {
            usable.add(schedule);
          } else {
            others.add(each);
            tellUnusable(each, "key", reason);
          }
        }
        case UnreadableSchedule unreadable -> {
          others.add(each);
          tellUnusable(each, "unreadable", unreadable.reason());
        }
      }
    }
    plans.store().putOff(others, now.plus(UNUSABLE_LOOK));
    return usable;
  }

  private void tellUnusable(StoredSchedule schedule, String kind, String reason) {
    plans.meter().scheduleUnusable(kind);
    if (told.size() >= ScheduleStore.MOST) {
      told.clear();
    }
    if (told.add(schedule.name() + " " + schedule.version())) {
      LOG.log(
          Level.ERROR,
          () ->
              "event=schedule_unusable schedule=%s reason=\"%s\""
                  .formatted(schedule.name(), LogText.escape(reason, MOST_REASON)));
    }
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
