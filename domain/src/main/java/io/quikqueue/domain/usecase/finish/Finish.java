package io.quikqueue.domain.usecase.finish;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Records how attempts ended, and only then lets the ready queue forget them. */
public final class Finish {

  private static final Logger LOG = System.getLogger(Finish.class.getName());

  private final JobStore store;
  private final ReadyQueue ready;
  private final Consumer<Job> recorded;
  private final Meter meter;

  /**
   * @param recorded told of each job after its attempt was recorded; must neither block nor throw
   */
  public Finish(JobStore store, ReadyQueue ready, Consumer<Job> recorded, Meter meter) {
    this.store = store;
    this.ready = ready;
    this.recorded = recorded;
    this.meter = meter;
  }

  /**
   * Records a batch in one transaction. Attempts of jobs that have moved on are dropped with a log
   * line.
   *
   * @param finished at most 1,000
   * @throws UnavailableException when the store cannot be reached; record again later
   */
  public void finish(List<Change> finished) {
    Set<AttemptId> applied = store.save(finished);
    List<AttemptId> over = new ArrayList<>(finished.size());
    for (Change change : finished) {
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
      }
    }
    meter.stale(finished.size() - applied.size());
    forget(over);
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
