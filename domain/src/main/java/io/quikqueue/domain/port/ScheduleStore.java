package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.UnreadableSchedule;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Schedules and what became of their fires. A change is made only when the schedule still has the
 * version that it was decided for, so that of two who decide at once one changes nothing. All
 * methods throw {@link UnavailableException}.
 */
public interface ScheduleStore {

  /** The most schedules there can be. */
  int MOST = 20_000;

  /** How many fires of a schedule are kept, beside those that are buffered. */
  int KEPT = 100;

  /** What became of a new schedule. */
  enum CreateResult {
    DONE,
    /** There is one of this name. */
    EXISTS,
    /** There are {@link #MOST} already. */
    FULL
  }

  /**
   * A plan to be made true.
   *
   * @param jobs those that it starts
   */
  record Write(SchedulePlan plan, List<Submission> jobs) {
    public Write {
      jobs = List.copyOf(jobs);
    }

    /** The same with another plan, and of the jobs those that it starts. */
    public Write with(SchedulePlan other) {
      Set<JobId> started =
          other.starts().stream().map(SchedulePlan.Start::id).collect(Collectors.toSet());
      return new Write(
          other, jobs.stream().filter(each -> started.contains(each.job().id())).toList());
    }

    /** What is to be written when the jobs were answered so. */
    public Written answered(Map<JobId, SubmitResult> answers) {
      SchedulePlan answered = plan;
      List<Job> stored = new ArrayList<>(jobs.size());
      for (Submission submission : jobs) {
        JobId id = submission.job().id();
        switch (answers.get(id)) {
          case SubmitResult.Accepted(Job job) -> stored.add(job);
          case SubmitResult.Replaced(Job holder) -> {
            stored.add(holder);
            answered = answered.held(id, holder.id());
          }
          case SubmitResult.Existing(Job holder) -> answered = answered.held(id, holder.id());
          case SubmitResult.SlotTaken(Job holder) ->
              answered = answered.refused(id, "job " + holder.id() + " is the only one of its key");
          case SubmitResult.Full full ->
              answered =
                  answered.refused(
                      id, "%d jobs wait, the most there may".formatted(full.waiting()));
          case SubmitResult.Refused(String reason) -> answered = answered.refused(id, reason);
          case SubmitResult.Replayed _, SubmitResult.ReplayedDeleted _, SubmitResult.KeyReused _ ->
              throw new IllegalStateException("job " + id + " has no key");
          case SubmitResult.Dropped _ ->
              throw new IllegalStateException("job " + id + " was to be refused");
          case null -> throw new IllegalStateException("no answer for job " + id);
        }
      }
      return new Written(answered, stored);
    }
  }

  /**
   * What became of a plan that was written.
   *
   * @param plan as it was written: fires whose jobs were refused are among it as such
   * @param jobs those that were stored or changed, as they are now; one that is QUEUED is to be
   *     announced
   */
  record Written(SchedulePlan plan, List<Job> jobs) {}

  /**
   * A schedule.
   *
   * @throws UnusableScheduleException with an {@link UnreadableSchedule} when it cannot be read
   */
  Optional<Schedule> find(String name);

  /**
   * Some schedules.
   *
   * @param more whether there are more behind them
   */
  record Page(List<StoredSchedule> schedules, boolean more) {
    public Page {
      schedules = List.copyOf(schedules);
    }
  }

  /**
   * Schedules by their names: fewer than asked for when they are large, but one at least if there
   * is one.
   *
   * @param scope only those whose jobs are within it, of which there can be none of the schedules
   *     that cannot be read
   * @param after only names behind this one; null = all
   */
  Page list(Scope scope, @Nullable String after, int limit);

  /** All schedules, as {@link #list(Scope, String, int)} gives them. */
  default Page list(@Nullable String after, int limit) {
    return list(Scope.ALL, after, limit);
  }

  /** The names of all that are declared. */
  List<String> declared();

  /**
   * Those that are to be looked at by now, those first whose time came first: fewer than asked for
   * when they are large, but one at least if there is one.
   */
  List<StoredSchedule> due(Instant now, int limit);

  /** Looks at these again at this time, unless they were changed meanwhile. */
  void putOff(List<StoredSchedule> schedules, Instant until);

  /** When the next one is to be looked at; empty = none. */
  Optional<Instant> nextLook();

  CreateResult create(Schedule schedule);

  /** Changes what a schedule is to do; false = it has not this version any more. */
  boolean replace(long version, Schedule schedule);

  /** Deletes a schedule with its fires; its jobs stay. False = it has not this version any more. */
  boolean delete(String name, long version);

  /**
   * Writes plans with all that belongs to each: the schedule, its fires and their jobs, in one
   * transaction, as {@link JobStore#submit} would store the jobs. A plan of a schedule that was
   * changed meanwhile is not written at all; one that an earlier call with unknown outcome has
   * written counts as written. A second fire of a time is not written and starts no job.
   *
   * @param writes of different schedules; with at most 1,000 jobs
   * @return for those that were written, in their order
   */
  List<Written> write(List<Write> writes);

  /** The newest fires of a schedule, by their numbers, newest first. */
  List<Fire> fires(String name, int limit);
}
