package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** New jobs of one transaction that are stored as CANCELLED, since as many wait as may. */
final class DroppedJobs {

  private final Map<JobId, Transition> drops = new HashMap<>(0);
  private final List<Step> fresh = new ArrayList<>(0);

  /**
   * Takes those that are to be dropped out of those that are refused.
   *
   * @param refused by the limits of their queues
   * @param stored the states of jobs that an earlier try has stored
   */
  DroppedJobs(
      List<Submission> batch,
      Map<JobId, SubmitResult> refused,
      Map<JobId, JobState> stored,
      UniqueRows.Claims slots) {
    if (refused.isEmpty() && stored.isEmpty()) {
      return;
    }
    for (Submission each : batch) {
      Job job = slots.asStored(each.job());
      if (each.maxWaiting().onLimit() == OnLimit.DROP_NEW) {
        if (stored.get(job.id()) == JobState.CANCELLED) {
          drops.put(job.id(), job.displace("as many jobs wait as may", job.updatedAt()));
        } else if (refused.get(job.id()) instanceof SubmitResult.Full full
            && full.owner() == null) {
          refused.remove(job.id());
          Transition drop = job.displace(why(full), job.updatedAt());
          drops.put(job.id(), drop);
          fresh.add(new Step(drop, job));
        }
      }
    }
  }

  private static String why(SubmitResult.Full full) {
    return "%s had %d jobs waiting, and may have %d"
        .formatted(MaxWaiting.place(full.queue(), full.group()), full.waiting(), full.most());
  }

  boolean contains(JobId job) {
    return drops.containsKey(job);
  }

  /** Puts what became of them into the answers, also those about others that name them. */
  void answer(Map<JobId, SubmitResult> answers) {
    if (drops.isEmpty()) {
      return;
    }
    answers.replaceAll(
        (_, answer) ->
            switch (answer) {
              case SubmitResult.Replayed(Job job) when contains(job.id()) ->
                  new SubmitResult.Replayed(after(job));
              case SubmitResult.SlotTaken(Job job) when contains(job.id()) ->
                  new SubmitResult.SlotTaken(after(job));
              case SubmitResult.Existing(Job job) when contains(job.id()) ->
                  new SubmitResult.Existing(after(job));
              case SubmitResult.Replaced(Job job) when contains(job.id()) ->
                  new SubmitResult.Existing(after(job));
              default -> answer;
            });
    drops.forEach((id, drop) -> answers.put(id, new SubmitResult.Dropped(drop.after(), null)));
  }

  /** The job as it is in the end. */
  Job after(Job job) {
    Transition drop = drops.get(job.id());
    return drop == null ? job : drop.after();
  }

  /** Ends those that were just inserted, which does not write the columns of an end. */
  void end(Connection connection, Dialect dialect, Bodies bodies) throws SQLException {
    if (!fresh.isEmpty() && dialect.updateJobs(connection, fresh, bodies) != fresh.size()) {
      throw new IllegalStateException("a job that was just stored is not there");
    }
  }

  /** Stores the jobs that tell of their ends, and names them in the answers; returns them. */
  List<Job> tell(Connection connection, CallbackRows callbacks, Map<JobId, SubmitResult> answers)
      throws SQLException {
    List<Job> made = callbacks.make(connection, fresh);
    for (Step step : made.isEmpty() ? List.<Step>of() : fresh) {
      Job dropped = step.change().after();
      JobId callback = CallbackJobs.idOf(dropped);
      for (Job each : made) {
        if (each.id().equals(callback)) {
          answers.put(dropped.id(), new SubmitResult.Dropped(dropped, each));
        }
      }
    }
    return made;
  }
}
