package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.finish.FailureLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records that the workers of some attempts have vanished, and announces the attempts that follow.
 */
public final class RecordCrash {

  private static final Logger LOG = System.getLogger(RecordCrash.class.getName());

  private final JobStore store;
  private final InstantSource clock;
  private final Consumer<List<Job>> announce;
  private final Consumer<Job> ended;
  private final Meter meter;
  private final FailureLog failures;

  /**
   * @param clock the store's clock
   * @param announce gets committed QUEUED jobs; must neither block for long nor throw
   * @param ended told of each job that was given up; must neither block nor throw
   */
  public RecordCrash(
      JobStore store,
      InstantSource clock,
      Consumer<List<Job>> announce,
      Consumer<Job> ended,
      Meter meter) {
    this.store = store;
    this.clock = clock;
    this.announce = announce;
    this.ended = ended;
    this.meter = meter;
    this.failures = new FailureLog(meter);
  }

  /**
   * A job whose attempt has lost its worker.
   *
   * @param worker null = not known here; then the store names the one that marked the job RUNNING
   */
  record Crashed(Job job, @Nullable String worker) {}

  void record(List<Crashed> crashed) {
    if (crashed.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    List<Change> changes = new ArrayList<>(crashed.size());
    crashed.forEach(
        each -> changes.add(new Change(each.job(), each.job().rescue(now).job(), each.worker())));
    Set<AttemptId> applied = store.save(changes);
    List<Job> again = new ArrayList<>(changes.size());
    for (Change change : changes) {
      if (applied.contains(change.attempt())) {
        Job after = change.after();
        LOG.log(
            Level.WARNING,
            () ->
                "event=rescued job_id=%s attempt=%d%s crashes=%d now=%s"
                    .formatted(
                        after.id(),
                        change.before().attempt(),
                        change.worker() == null ? "" : " worker=" + change.worker(),
                        after.crashes(),
                        after.state()));
        if (after.state() == JobState.QUEUED) {
          again.add(after);
        } else {
          ended.accept(after);
          failures.recorded(change);
        }
      }
    }
    meter.rescued(applied.size());
    if (!again.isEmpty()) {
      announce.accept(again);
    }
  }
}
