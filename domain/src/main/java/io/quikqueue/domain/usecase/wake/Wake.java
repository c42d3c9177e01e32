package io.quikqueue.domain.usecase.wake;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Queues delayed and retrying jobs when they are due, and expires jobs whose deadline has passed.
 */
public final class Wake {

  private static final int BATCH = 500;

  private final Timers timers;
  private final JobStore store;
  private final InstantSource clock;
  private final Consumer<List<Job>> announce;
  private final Consumer<Job> ended;
  private final Meter meter;

  /**
   * @param clock the store's clock
   * @param announce gets committed QUEUED jobs; must neither block for long nor throw
   * @param ended told of each job that expired; must neither block nor throw
   */
  public Wake(
      Timers timers,
      JobStore store,
      InstantSource clock,
      Consumer<List<Job>> announce,
      Consumer<Job> ended,
      Meter meter) {
    this.timers = timers;
    this.store = store;
    this.clock = clock;
    this.announce = announce;
    this.ended = ended;
    this.meter = meter;
  }

  /**
   * Wakes one batch.
   *
   * @param most how long to wait at most
   * @return how long to wait before the next call: zero when there may be more, until the next
   *     known timer, else {@code most}
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Duration wake(Duration most) {
    Instant now = clock.instant();
    List<Job> due = timers.due(now.plus(most), BATCH);
    List<Change> changes = new ArrayList<>(due.size());
    @Nullable Duration wait = null;
    for (Job job : due) {
      Instant timer = job.timer();
      if (timer != null && timer.isAfter(now)) {
        wait = Duration.between(now, timer);
        break;
      }
      if (job.overdue(now)) {
        changes.add(new Change(job, job.expire(now).job(), null));
      } else if (job.can(Verb.WAKE)) {
        changes.add(new Change(job, job.wake(now).job(), null));
      }
    }
    boolean some = !changes.isEmpty() && apply(changes);
    return wait != null ? wait : some ? Duration.ZERO : most;
  }

  /** Returns whether any took effect. */
  private boolean apply(List<Change> changes) {
    Set<AttemptId> applied = store.save(changes);
    List<Job> woken = new ArrayList<>(changes.size());
    for (Change change : changes) {
      if (applied.contains(change.attempt())) {
        Job after = change.after();
        if (after.state() == JobState.QUEUED) {
          woken.add(after);
        } else {
          ended.accept(after);
        }
      }
    }
    if (!woken.isEmpty()) {
      announce.accept(woken);
      meter.woken(woken.size());
    }
    return !applied.isEmpty();
  }
}
