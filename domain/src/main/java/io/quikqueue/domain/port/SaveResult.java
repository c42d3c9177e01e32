package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of transitions. Those that are in neither set met a job that has moved on.
 *
 * @param applied the {@linkplain Transition#attempt attempts} of those that took effect
 * @param refused those that the store cannot hold, and why
 * @param ready the jobs that became ready by those that took effect, and are to be announced
 */
public record SaveResult(Set<AttemptId> applied, Map<AttemptId, String> refused, List<Job> ready) {

  /** The result of saving these, in whose order what is ready comes. */
  public static SaveResult of(
      List<Transition> transitions, Set<AttemptId> applied, Map<AttemptId, String> refused) {
    List<Job> ready = new ArrayList<>();
    for (Transition each : transitions) {
      if (each.madeReady() && applied.contains(each.attempt())) {
        ready.add(each.after());
      }
    }
    return new SaveResult(applied, refused, ready);
  }
}
