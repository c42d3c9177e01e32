package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Transition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of transitions. Those that are in none of the first three met a job that has moved
 * on.
 *
 * @param applied the {@linkplain Transition#attempt attempts} of those that took effect
 * @param refused those that the store cannot hold, and why
 * @param slotTaken those that had no effect since another job holds the slot, and which
 * @param ready the jobs that became ready by those that took effect, and are to be announced; also
 *     jobs that waited for one that ended, and callbacks that were made
 * @param behind the jobs, as stored, that were to become ready and wait for other jobs instead
 */
public record SaveResult(
    Set<AttemptId> applied,
    Map<AttemptId, String> refused,
    Map<AttemptId, JobId> slotTaken,
    List<Job> ready,
    List<Job> behind) {

  /** The result of saving these, in whose order what is ready comes, where no job waits. */
  public static SaveResult of(
      List<Transition> transitions, Set<AttemptId> applied, Map<AttemptId, String> refused) {
    return of(transitions, applied, refused, Map.of(), List.of(), List.of());
  }

  /**
   * The result of saving these, in whose order what is ready comes, before what was released.
   *
   * @param slotTaken those of which others hold the slots
   * @param behind the jobs that were to become ready and wait instead
   * @param released the jobs that waited for one that ended and are QUEUED now
   */
  public static SaveResult of(
      List<Transition> transitions,
      Set<AttemptId> applied,
      Map<AttemptId, String> refused,
      Map<AttemptId, JobId> slotTaken,
      List<Job> behind,
      List<Job> released) {
    Set<JobId> placed = new HashSet<>();
    behind.forEach(job -> placed.add(job.id()));
    released.forEach(job -> placed.add(job.id()));
    List<Job> ready = new ArrayList<>();
    for (Transition each : transitions) {
      Job after = each.after();
      if (each.madeReady() && applied.contains(each.attempt()) && !placed.contains(after.id())) {
        ready.add(after);
      }
    }
    ready.addAll(released);
    return new SaveResult(applied, refused, slotTaken, ready, behind);
  }
}
