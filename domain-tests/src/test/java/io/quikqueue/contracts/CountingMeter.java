package io.quikqueue.contracts;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts by name: {@code announced}, {@code submitted/QUEUE}, {@code ran/TYPE/OUTCOME} and so on.
 */
public final class CountingMeter implements Meter {

  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  public int count(String name) {
    return counts.getOrDefault(name, 0);
  }

  @Override
  public void submitted(String queue, int jobs) {
    add("submitted/" + queue, jobs);
  }

  @Override
  public void announced(int jobs) {
    add("announced", jobs);
  }

  @Override
  public void relayed(int jobs) {
    add("relayed", jobs);
  }

  @Override
  public void dispatched(int jobs) {
    add("dispatched", jobs);
  }

  @Override
  public void ran(String queue, String type, String outcome, Duration waited, Duration ran) {
    add("ran/" + type + "/" + outcome, 1);
  }

  @Override
  public void failed(String queue, String type) {
    add("failed/" + queue + "/" + type, 1);
  }

  @Override
  public void stale(int attempts) {
    add("stale", attempts);
  }

  @Override
  public void rescued(int jobs) {
    add("rescued", jobs);
  }

  @Override
  public void workflowEnded(
      WorkflowState state, Map<JobState, Integer> nodes, @Nullable Duration took) {
    add("workflow_ended/" + state, 1);
    nodes.forEach((end, count) -> add("workflow_nodes/" + end, count));
    add("workflow_timed", took == null ? 0 : 1);
  }

  @Override
  public void woken(int jobs) {
    add("woken", jobs);
  }

  @Override
  public void loginFailed(String reason) {
    add("login_failed/" + reason, 1);
  }

  private void add(String name, int count) {
    counts.merge(name, count, Integer::sum);
  }
}
