package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is to become of a schedule, all of it or nothing.
 *
 * @param fires new ones, and earlier ones that have changed
 * @param starts the jobs that they start
 * @param cancels jobs in whose place others start
 */
public record SchedulePlan(
    Schedule before, Schedule after, List<Fire> fires, List<Start> starts, Set<JobId> cancels) {

  /** A job to start. */
  public record Start(JobId id, JobSpec spec) {}

  public SchedulePlan {
    fires = List.copyOf(fires);
    starts = List.copyOf(starts);
    cancels = Set.copyOf(cancels);
  }

  /** The same where a job was not taken. */
  public SchedulePlan refused(JobId job, String cause) {
    return replaced(job, fire -> fire.refused(cause));
  }

  /** The same where another job is in the place of one. */
  public SchedulePlan held(JobId job, JobId holder) {
    return replaced(job, fire -> fire.started(holder, fire.actualAt()));
  }

  /** The same without a new fire, since there is one of its time. */
  public SchedulePlan without(Fire fire) {
    JobId job = fire.job();
    SchedulePlan rest = job == null ? this : refused(job, "");
    ScheduleState state = rest.after.state();
    List<Fire> open = new ArrayList<>(state.open());
    open.removeIf(each -> each.number() == fire.number());
    List<Fire> others = new ArrayList<>(rest.fires);
    others.removeIf(each -> each.number() == fire.number());
    Schedule corrected = rest.after.with(with(state, open, state.fired()));
    return new SchedulePlan(before, corrected, others, rest.starts, cancels);
  }

  private interface Replacement {
    Fire of(Fire fire);
  }

  private SchedulePlan replaced(JobId job, Replacement replacement) {
    List<Fire> changed = new ArrayList<>(fires);
    changed.replaceAll(fire -> job.equals(fire.job()) ? replacement.of(fire) : fire);
    ScheduleState state = after.state();
    List<Fire> open = new ArrayList<>(state.open());
    open.replaceAll(fire -> job.equals(fire.job()) ? replacement.of(fire) : fire);
    boolean dropped = open.removeIf(fire -> fire.outcome() == Fire.Outcome.REFUSED);
    ScheduleState corrected = with(state, open, state.fired() - (dropped ? 1 : 0));
    List<Start> others = starts.stream().filter(each -> !each.id().equals(job)).toList();
    return new SchedulePlan(before, after.with(corrected), changed, others, cancels);
  }

  private static ScheduleState with(ScheduleState state, List<Fire> open, long fired) {
    return new ScheduleState(
        state.settledUntil(),
        state.next(),
        state.lookAt(),
        state.remaining(),
        state.paused(),
        open,
        state.failures(),
        fired,
        state.missed(),
        state.skipped(),
        state.last());
  }
}
