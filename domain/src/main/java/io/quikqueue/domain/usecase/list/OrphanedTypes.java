package io.quikqueue.domain.usecase.list;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.Workers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the types of job that wait in a process that runs all jobs itself and has no handler for
 * them.
 */
public final class OrphanedTypes {

  private final Workers workers;
  private final Queues queues;
  private final ActiveJobs active;
  private final Set<String> handled;

  /**
   * @param handled the types that there are handlers for
   */
  public OrphanedTypes(Workers workers, Queues queues, ActiveJobs active, Set<String> handled) {
    this.workers = workers;
    this.queues = queues;
    this.active = active;
    this.handled = Set.copyOf(handled);
  }

  /**
   * The types of QUEUED jobs that were offered once and have no handler now, sorted. Queues are
   * read only when there may be such a type.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Set<String> waiting() {
    Set<String> missing = new TreeSet<>(workers.types());
    missing.removeAll(handled);
    Set<String> waiting = new TreeSet<>();
    if (missing.isEmpty()) {
      return waiting;
    }
    for (QueueFigures queue : queues.all()) {
      if (queue.jobs().getOrDefault(JobState.QUEUED, 0L) > 0) {
        addWaiting(queue.queue(), missing, waiting);
      }
    }
    return waiting;
  }

  /** Moves the types of which the queue has a job. */
  private void addWaiting(String queue, Set<String> missing, Set<String> waiting) {
    while (!missing.isEmpty()) {
      List<Job> first = active.backlog(queue, missing, null, 1);
      if (first.isEmpty()) {
        return;
      }
      String type = first.getFirst().spec().type();
      missing.remove(type);
      waiting.add(type);
    }
  }
}
