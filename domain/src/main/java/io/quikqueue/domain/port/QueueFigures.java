package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue in figures.
 *
 * @param depth jobs in each state; absent = 0
 * @param submitted jobs ever submitted to it
 * @param finished how often a job reached a terminal state in it; one retried by hand can again
 * @param oldest when the oldest QUEUED job was submitted; null = none is QUEUED
 */
public record QueueFigures(
    String queue,
    Map<JobState, Long> depth,
    long submitted,
    long finished,
    @Nullable Instant oldest) {

  public QueueFigures {
    depth = Map.copyOf(depth);
  }
}
