package io.quikqueue.domain.usecase.finish;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Records how attempts ended, and only then lets the ready queue forget them. */
public final class Finish {

  private static final Logger LOG = System.getLogger(Finish.class.getName());

  private final JobStore store;
  private final ReadyQueue ready;
  private final Consumer<Job> recorded;
  private final Meter meter;
  private final FailureLog failures;

  /**
   * @param recorded told of each job after its attempt was recorded; must neither block nor throw
   */
  public Finish(JobStore store, ReadyQueue ready, Consumer<Job> recorded, Meter meter) {
    this.store = store;
    this.ready = ready;
    this.recorded = recorded;
    this.meter = meter;
    this.failures = new FailureLog(meter);
  }

  /**
   * Records a batch in one transaction. Attempts of jobs that have moved on are dropped with a log
   * line. A job whose outcome the store refuses for its content fails for good.
   *
   * @param finished at most 1,000
   * @throws UnavailableException when the store cannot be reached; record again later
   */
  public void finish(List<Change> finished) {
    Map<AttemptId, String> refused = new HashMap<>();
    Set<AttemptId> applied = store.save(finished, refused::put);
    List<AttemptId> over = new ArrayList<>(finished.size());
    List<Change> instead = new ArrayList<>();
    for (Change change : finished) {
      String reason = refused.get(change.attempt());
      if (reason != null) {
        instead.add(failed(change, reason));
        continue;
      }
      over.add(change.attempt());
      if (!applied.contains(change.attempt())) {
        LOG.log(
            Level.WARNING,
            () ->
                "event=stale_finish job_id=%s attempt=%d refused=%s"
                    .formatted(
                        change.before().id(), change.before().attempt(), change.after().state()));
      } else {
        recorded.accept(change.after());
        failures.recorded(change);
      }
    }
    meter.stale(over.size() - applied.size());
    forget(over);
    if (!instead.isEmpty()) {
      finishInstead(instead);
    }
  }

  /** Says how many lines about failed attempts were left out; to be called now and then. */
  public void tellLeftOut() {
    failures.tellLeftOut();
  }

  private void finishInstead(List<Change> instead) {
    Set<AttemptId> applied = store.save(instead);
    List<AttemptId> over = new ArrayList<>(instead.size());
    for (Change change : instead) {
      if (applied.contains(change.attempt())) {
        recorded.accept(change.after());
        failures.recorded(change);
      }
      over.add(change.attempt());
    }
    meter.stale(instead.size() - applied.size());
    forget(over);
  }

  /**
   * The end of a job whose outcome the store refuses for its content: it fails for good. Running it
   * again would produce the like.
   */
  private static Change failed(Change refused, String reason) {
    Job before = refused.before();
    Job after = refused.after();
    Instant now = before.updatedAt();
    Instant started = after.startedAt();
    Job running =
        started == null || before.state() == JobState.RUNNING
            ? before
            : before.start(started).job();
    Failure failure = new Failure("the store refused how it ended: " + reason, true);
    return new Change(before, running.fail(failure, 0, now).job(), refused.worker(), failure);
  }

  /**
   * Lets the ready queue forget attempts that are over; when it cannot, their leases run out and
   * rescue drops them.
   */
  public void forget(List<AttemptId> over) {
    try {
      ready.ack(over);
    } catch (UnavailableException e) {
      LOG.log(
          Level.WARNING,
          () -> "event=ack_failed attempts=" + over.size() + " reason=\"" + e.getMessage() + '"');
    }
  }
}
