package io.quikqueue.domain.usecase.wake;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Queues delayed and retrying jobs when they are due, and expires jobs whose deadline has passed.
 */
public final class Wake {

  private static final int BATCH = 500;

  private final Timers timers;
  private final JobStore store;
  private final InstantSource clock;
  private final Meter meter;
  private final UnaryOperator<Transition> refresh;

  /** Of jobs that keep the policies that they have. */
  public Wake(Timers timers, JobStore store, InstantSource clock, Meter meter) {
    this(timers, store, clock, meter, UnaryOperator.identity());
  }

  /**
   * @param clock the store's clock
   * @param refresh brings the policy of a job that is woken up to date
   */
  public Wake(
      Timers timers,
      JobStore store,
      InstantSource clock,
      Meter meter,
      UnaryOperator<Transition> refresh) {
    this.timers = timers;
    this.store = store;
    this.clock = clock;
    this.meter = meter;
    this.refresh = refresh;
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
    List<Transition> changes = new ArrayList<>(due.size());
    @Nullable Duration wait = null;
    for (Job job : due) {
      Instant timer = job.timer();
      if (timer != null && timer.isAfter(now)) {
        wait = Duration.between(now, timer);
        break;
      }
      if (job.overdue(now)) {
        changes.add(job.expire(now));
      } else if (job.can(Verb.WAKE)) {
        Transition woken = job.wake(now);
        changes.add(woken.after().state().terminal() ? woken : refresh.apply(woken));
      }
    }
    boolean some = !changes.isEmpty() && apply(changes);
    return wait != null ? wait : some ? Duration.ZERO : most;
  }

  /** Returns whether any took effect. */
  private boolean apply(List<Transition> changes) {
    SaveResult result = store.save(changes);
    if (!result.ready().isEmpty()) {
      meter.woken(result.ready().size());
    }
    return !result.applied().isEmpty();
  }
}
