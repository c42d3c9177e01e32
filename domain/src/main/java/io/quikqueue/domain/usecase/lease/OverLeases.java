package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.AttemptRecord.Outcome;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobStep.Kind;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.lease.LeaseAnswer.Reason;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of leases that are over why they are, and whether what is reported was recorded before. */
final class OverLeases {

  private record Now(JobState state, int attempt) {}

  private final JobStore store;
  private final JobSteps steps;
  private final String holder;

  OverLeases(JobStore store, JobSteps steps, String holder) {
    this.store = store;
    this.steps = steps;
    this.holder = holder;
  }

  Map<LeaseReport, LeaseAnswer> explain(List<LeaseReport> reports) {
    Map<JobId, Now> jobs = now(reports);
    Map<LeaseReport, LeaseAnswer> answers = new IdentityHashMap<>();
    for (LeaseReport report : reports) {
      Now now = jobs.get(report.lease().attempt().job());
      answers.put(report, now == null ? new LeaseAnswer.Unknown() : explain(report, now));
    }
    return answers;
  }

  /** How jobs are now; read in parts, since they come whole. */
  private Map<JobId, Now> now(List<LeaseReport> reports) {
    List<JobId> ids =
        reports.stream().map(each -> each.lease().attempt().job()).distinct().toList();
    Map<JobId, Now> jobs = new HashMap<>();
    for (int from = 0; from < ids.size(); from += LeaseContext.MOST_READ) {
      List<JobId> part = ids.subList(from, Math.min(ids.size(), from + LeaseContext.MOST_READ));
      store.find(part).forEach((id, job) -> jobs.put(id, new Now(job.state(), job.attempt())));
    }
    return jobs;
  }

  private LeaseAnswer explain(LeaseReport report, Now now) {
    if (wasRecorded(report)) {
      return new LeaseAnswer.Recorded(now.state());
    }
    boolean cancelled =
        now.state() == JobState.CANCELLED && now.attempt() == report.lease().attempt().number();
    return new LeaseAnswer.Over(cancelled ? Reason.CANCELLED : Reason.LOST);
  }

  /** As when the worker did not hear the answer to an earlier request, and sent it again. */
  private boolean wasRecorded(LeaseReport report) {
    return switch (report) {
      case LeaseReport.Complete _ -> has(report, Outcome.DONE, null);
      case LeaseReport.Fail(_, Failure failure) -> has(report, Outcome.FAILED, failure.message());
      case LeaseReport.Sleep(_, String name, _, _) -> isAsleep(report, name, Kind.SLEEP);
      case LeaseReport.Wait(_, String name, _, _) -> isAsleep(report, name, Kind.SIGNAL);
      case LeaseReport.Release _,
          LeaseReport.Step _,
          LeaseReport.Heartbeat _,
          LeaseReport.Log _,
          LeaseReport.Progress _ ->
          false;
    };
  }

  /** Whether it gave its slot back for this step, and not for another. */
  private boolean isAsleep(LeaseReport report, String name, Kind kind) {
    return has(report, Outcome.POSTPONED, null)
        && steps.steps(report.lease().attempt().job()).stream()
            .anyMatch(step -> step.kind() == kind && step.name().equals(name));
  }

  private boolean has(LeaseReport report, Outcome outcome, @Nullable String error) {
    for (AttemptRecord attempt : store.attempts(report.lease().attempt().job())) {
      if (attempt.number() == report.lease().attempt().number()
          && attempt.outcome() == outcome
          && holder.equals(attempt.worker())
          && (error == null || error.equals(attempt.error()))) {
        return true;
      }
    }
    return false;
  }
}
