package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue in figures.
 *
 * @param jobs jobs in each state; absent = 0
 * @param submitted jobs ever submitted to it
 * @param finished how many of them have reached a terminal state, and were not retried by hand
 *     since; those that are pruned count too
 * @param oldest when the oldest QUEUED job was submitted; null = none is QUEUED
 */
public record QueueFigures(
    String queue,
    Map<JobState, Long> jobs,
    long submitted,
    long finished,
    @Nullable Instant oldest) {

  public QueueFigures {
    jobs = Map.copyOf(jobs);
  }
}
