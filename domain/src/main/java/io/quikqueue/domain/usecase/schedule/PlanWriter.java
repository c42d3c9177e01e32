package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.ScheduleStore.Write;
import io.quikqueue.domain.port.ScheduleStore.Written;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Fire.Outcome;
import io.quikqueue.domain.schedule.Firing;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes what was decided of schedules, and tells of their jobs. What a plan starts is a job here;
 * whatever else a schedule may start one day becomes rows of the same transaction here.
 */
public final class PlanWriter {

  private static final int MOST_STATES = 1_000;

  /** How many of the last fires are shown. */
  private static final int SHOWN_FIRES = 10;

  private final ScheduleStore store;
  private final JobStore jobs;
  private final JobListener listener;
  private final Cancel cancel;
  private final InstantSource clock;
  private final JobIds ids;
  private final Supplier<PolicyTable> policies;
  private final Supplier<LimitTable> limits;
  private final Meter meter;

  /**
   * @param jobs to ask for states, and to cancel
   * @param listener hears of jobs that became QUEUED
   * @param clock the store's clock
   * @param policies those in force
   * @param limits those in force
   */
  public PlanWriter(
      ScheduleStore store,
      JobStore jobs,
      JobListener listener,
      InstantSource clock,
      JobIds ids,
      Supplier<PolicyTable> policies,
      Supplier<LimitTable> limits,
      Meter meter) {
    this.store = store;
    this.jobs = jobs;
    this.listener = listener;
    this.cancel = new Cancel(jobs, clock);
    this.clock = clock;
    this.ids = ids;
    this.policies = policies;
    this.limits = limits;
    this.meter = meter;
  }

  ScheduleStore store() {
    return store;
  }

  Meter meter() {
    return meter;
  }

  Instant now() {
    return clock.instant();
  }

  JobId nextId() {
    return ids.next();
  }

  /** One that no change had before. */
  long nextVersion() {
    return ids.next().value().getLeastSignificantBits();
  }

  /** A decision about a schedule as it is now. */
  Firing firing(Schedule schedule, Instant now) {
    return new Firing(schedule, now, ids::next);
  }

  /** A schedule with its last fires, as it is shown. */
  ScheduleView view(Schedule schedule) {
    List<Fire> fires = store.fires(schedule.name(), SHOWN_FIRES);
    List<JobId> open = new ArrayList<>();
    for (Fire fire : fires) {
      JobId job = fire.job();
      if (job != null && fire.outcome() == Outcome.STARTED) {
        open.add(job);
      }
    }
    Map<JobId, JobState> states = statesOf(open);
    return new ScheduleView(schedule, fires, states);
  }

  /** The states of those jobs that schedules wait for. */
  Map<JobId, JobState> states(List<Schedule> schedules) {
    List<JobId> awaited =
        schedules.stream().flatMap(each -> Firing.awaited(each).stream()).distinct().toList();
    return statesOf(awaited);
  }

  Map<JobId, JobState> statesOf(List<JobId> awaited) {
    Map<JobId, JobState> states = new HashMap<>();
    for (int from = 0; from < awaited.size(); from += MOST_STATES) {
      int to = Math.min(from + MOST_STATES, awaited.size());
      states.putAll(jobs.states(awaited.subList(from, to)));
    }
    return states;
  }

  /** Makes plans true, with at most 1,000 jobs; those whose schedules have changed are left out. */
  List<Written> write(List<SchedulePlan> plans) {
    if (plans.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    PolicyTable policy = policies.get();
    LimitTable table = limits.get();
    List<Write> writes = new ArrayList<>(plans.size());
    for (SchedulePlan plan : plans) {
      writes.add(
          new Write(
              plan,
              plan.starts().stream()
                  .map(start -> submission(plan, start, policy, table, now))
                  .toList()));
    }
    List<Written> written = store.write(writes);
    // Only once one is started in their place, or is to be; whom a crash leaves the next look or
    // fire cancels.
    written.stream()
        .map(Written::plan)
        .filter(plan -> isUnique(plan) || !plan.starts().isEmpty())
        .forEach(this::cancel);
    List<Job> queued =
        written.stream()
            .flatMap(each -> each.jobs().stream())
            .filter(job -> job.state() == JobState.QUEUED)
            .toList();
    if (!queued.isEmpty()) {
      listener.ready(queued);
    }
    written.forEach(this::count);
    return written;
  }

  private static final Caller BY = Caller.anonymous("");

  private void cancel(SchedulePlan plan) {
    plan.cancels().forEach(id -> cancel.cancel(BY, id));
  }

  private static boolean isUnique(SchedulePlan plan) {
    return plan.before().spec().job().unique() != null;
  }

  private static Submission submission(
      SchedulePlan plan,
      SchedulePlan.Start start,
      PolicyTable policy,
      LimitTable table,
      Instant now) {
    MaxWaiting most = MaxWaiting.of(table.ofQueue(start.spec().queue())).refusing();
    JobSpec spec = most.counted(policy.complete(start.spec()));
    Job job = Job.submit(start.id(), spec, null, false, now).job();
    return new Submission(job, null, now, most, plan.before().spec().onConflict());
  }

  private void count(Written written) {
    for (Job job : written.jobs()) {
      meter.submitted(job.spec().queue(), 1);
    }
    SchedulePlan plan = written.plan();
    for (Fire fire : plan.fires()) {
      boolean fresh = fire.number() > plan.before().state().last();
      if (fresh || fire.outcome() == Fire.Outcome.STARTED) {
        meter.scheduleFired(Fire.label(fire.outcome()));
      }
      if (fresh && fire.kind() == Fire.Kind.SCHEDULED) {
        Duration late = Duration.between(plan.before().dueAt(fire.at()), clock.instant());
        meter.scheduleLate(late.isNegative() ? Duration.ZERO : late);
      }
    }
    long missed = plan.after().state().missed() - plan.before().state().missed();
    if (missed > 0) {
      meter.scheduleMissed(missed);
    }
  }
}
