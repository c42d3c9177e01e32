package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cancels the oldest of the jobs that wait where new ones took the places of more than may. That
 * follows the transaction of the new ones; what it did not come to, the next call does.
 */
public final class CancelOldest {

  private static final Logger LOG = System.getLogger(CancelOldest.class.getName());
  private static final int MOST_AT_ONCE = 500;

  private final JobStore store;
  private final Queues queues;
  private final InstantSource clock;

  /** Where jobs wait, and how many may. */
  private record Place(String queue, @Nullable String group, int most) {

    String why() {
      return "a newer job took its place, since in %s %d may wait"
          .formatted(MaxWaiting.place(queue, group), most);
    }
  }

  /**
   * @param clock the store's clock
   */
  public CancelOldest(JobStore store, Queues queues, InstantSource clock) {
    this.store = store;
    this.queues = queues;
    this.clock = clock;
  }

  /** Makes room for what was just stored, where its limits say so; it never throws. */
  void after(List<Submission> stored) {
    Set<Place> places = new LinkedHashSet<>(0);
    for (Submission each : stored) {
      if (each.maxWaiting().onLimit() == OnLimit.CANCEL_OLDEST) {
        addPlaces(each.job().spec(), each.maxWaiting(), places);
      }
    }
    for (Place place : places) {
      try {
        cancel(place);
      } catch (UnavailableException e) {
        LOG.log(Level.WARNING, "event=oldest_left queue={0}", place.queue(), e);
      }
    }
  }

  private static void addPlaces(JobSpec spec, MaxWaiting maxWaiting, Set<Place> places) {
    Integer ofQueue = maxWaiting.ofQueue();
    Integer ofGroup = maxWaiting.ofGroup();
    if (ofGroup != null && spec.countedInGroup()) { // first: it makes room in the queue, too
      places.add(new Place(spec.queue(), spec.group(), ofGroup));
    }
    if (ofQueue != null) {
      places.add(new Place(spec.queue(), null, ofQueue));
    }
  }

  private void cancel(Place place) {
    List<JobId> ids = queues.oldestBeyond(place.queue(), place.group(), place.most(), MOST_AT_ONCE);
    if (ids.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    List<Transition> changes = new ArrayList<>(ids.size());
    for (Job job : store.find(ids).values()) {
      if (job.state().waiting()) {
        changes.add(job.displace(place.why(), now));
      }
    }
    if (!changes.isEmpty()) {
      store.save(changes);
    }
  }
}
