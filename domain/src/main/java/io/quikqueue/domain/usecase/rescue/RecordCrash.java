package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records that the workers of some attempts have vanished. */
public final class RecordCrash {

  private static final Logger LOG = System.getLogger(RecordCrash.class.getName());

  private final JobStore store;
  private final InstantSource clock;
  private final Meter meter;

  /**
   * @param clock the store's clock
   */
  public RecordCrash(JobStore store, InstantSource clock, Meter meter) {
    this.store = store;
    this.clock = clock;
    this.meter = meter;
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
    List<Transition> changes = new ArrayList<>(crashed.size());
    crashed.forEach(each -> changes.add(each.job().rescue(now).by(each.worker())));
    Set<AttemptId> applied = store.save(changes).applied();
    for (Transition change : changes) {
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
      }
    }
    meter.rescued(applied.size());
  }
}
