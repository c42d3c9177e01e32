package io.quikqueue.domain.usecase.finish;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records how attempts ended, and only then lets the ready queue forget them. */
public final class Finish {

  private static final Logger LOG = System.getLogger(Finish.class.getName());

  private final JobStore store;
  private final ReadyQueue ready;
  private final Meter meter;

  public Finish(JobStore store, ReadyQueue ready, Meter meter) {
    this.store = store;
    this.ready = ready;
    this.meter = meter;
  }

  /**
   * Records a batch in one transaction. Attempts of jobs that have moved on are dropped with a log
   * line. A job whose outcome the store refuses for its content fails for good.
   *
   * @param finished at most 1,000
   * @throws UnavailableException when the store cannot be reached; record again later
   */
  public void finish(List<Transition> finished) {
    SaveResult result = store.save(finished);
    List<AttemptId> over = new ArrayList<>(finished.size());
    List<Transition> instead = new ArrayList<>(0);
    for (Transition transition : finished) {
      String reason = result.refused().get(transition.attempt());
      if (reason != null) {
        instead.add(failed(transition, reason));
        continue;
      }
      over.add(transition.attempt());
      if (!result.applied().contains(transition.attempt())) {
        LOG.log(Level.WARNING, () -> stale(transition));
      }
    }
    meter.stale(over.size() - result.applied().size());
    forget(over);
    if (!instead.isEmpty()) {
      finishInstead(instead);
    }
  }

  private static String stale(Transition refused) {
    return "event=stale_finish job_id=%s attempt=%d refused=%s"
        .formatted(refused.before().id(), refused.before().attempt(), refused.after().state());
  }

  private void finishInstead(List<Transition> instead) {
    SaveResult result = store.save(instead);
    meter.stale(instead.size() - result.applied().size());
    forget(instead.stream().map(Transition::attempt).toList());
  }

  /**
   * The end of a job whose outcome the store refuses for its content: it fails for good. Running it
   * again would produce the like.
   */
  private static Transition failed(Transition refused, String reason) {
    Job before = refused.before();
    Instant now = before.updatedAt();
    Instant started = refused.after().startedAt();
    Failure failure = new Failure("the store refused how it ended: " + reason, true);
    Transition failed =
        started == null || before.state() == JobState.RUNNING
            ? before.fail(failure, 0, now)
            : before.start(started).then(running -> running.fail(failure, 0, now));
    return failed.by(refused.worker());
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
