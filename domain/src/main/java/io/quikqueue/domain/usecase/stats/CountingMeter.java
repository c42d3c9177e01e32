package io.quikqueue.domain.usecase.stats;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts by minute what {@link RecordStats} stores, and passes everything on to another meter. */
public final class CountingMeter implements Meter {

  private final Meter next;
  private final MinuteTallies tallies = new MinuteTallies();

  public CountingMeter(Meter next) {
    this.next = next;
  }

  /** What was counted. */
  MinuteTallies tallies() {
    return tallies;
  }

  @Override
  public void submitted(String queue, int jobs) {
    tallies.submitted(queue, jobs);
    next.submitted(queue, jobs);
  }

  @Override
  public void ran(String queue, String type, String outcome, Duration waited, Duration ran) {
    tallies.ran(queue, type, outcome, waited, ran);
    next.ran(queue, type, outcome, waited, ran);
  }

  @Override
  public void failed(String queue, String type) {
    tallies.failed(queue, type);
    next.failed(queue, type);
  }

  @Override
  public void announced(int jobs) {
    next.announced(jobs);
  }

  @Override
  public void relayed(int jobs) {
    next.relayed(jobs);
  }

  @Override
  public void dispatched(int jobs) {
    next.dispatched(jobs);
  }

  @Override
  public void stale(int attempts) {
    next.stale(attempts);
  }

  @Override
  public void rescued(int jobs) {
    next.rescued(jobs);
  }

  @Override
  public void woken(int jobs) {
    next.woken(jobs);
  }

  @Override
  public void workflowSubmitted() {
    next.workflowSubmitted();
  }

  @Override
  public void workflowEnded(
      WorkflowState state, Map<JobState, Integer> nodes, @Nullable Duration took) {
    next.workflowEnded(state, nodes, took);
  }

  @Override
  public void scheduleFired(String outcome) {
    next.scheduleFired(outcome);
  }

  @Override
  public void scheduleLate(Duration late) {
    next.scheduleLate(late);
  }

  @Override
  public void scheduleMissed(long fires) {
    next.scheduleMissed(fires);
  }

  @Override
  public void scheduleUnusable(String reason) {
    next.scheduleUnusable(reason);
  }

  @Override
  public void accessRefused(String reason) {
    next.accessRefused(reason);
  }

  @Override
  public void loginFailed(String reason) {
    next.loginFailed(reason);
  }
}
