package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.ParkedJobs;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the store with the ready queue and puts back what is missing: at once when the ready
 * queue is blank, and now and then for single jobs that fell through (the stream lost them).
 * Everything it pushes may be pushed twice without harm.
 */
public final class RebuildReadyQueue {

  private static final Logger LOG = System.getLogger(RebuildReadyQueue.class.getName());
  private static final int BATCH = 500;
  private static final int MOST_PASSED_OVER = 1_000;

  private final ActiveJobs active;
  private final ReadyQueue ready;
  private final ReadyQueueRebuild rebuild;
  private final DeliveryWatermark watermark;
  private final InstantSource clock;
  private final long highWater;
  private final Duration lease;
  private final Duration unheard;
  private @Nullable ParkedJobs parked;
  private @Nullable GroupWindows windows;

  /**
   * @param clock the store's clock
   * @param highWater ready jobs in a queue above which the sweep puts back no more; after a wipe
   *     half as many again are put back, since that many may have been there, and not quite the
   *     oldest
   * @param lease how long a job marked RUNNING may stay unheard of after a wipe before it is
   *     rescued
   * @param unheard for how long attempts may run after a wipe that nobody has told of
   */
  public RebuildReadyQueue(
      ActiveJobs active,
      ReadyQueue ready,
      ReadyQueueRebuild rebuild,
      JobStream stream,
      InstantSource clock,
      long highWater,
      Duration lease,
      Duration unheard) {
    this.active = active;
    this.ready = ready;
    this.rebuild = rebuild;
    this.watermark = new DeliveryWatermark(stream);
    this.clock = clock;
    this.highWater = highWater;
    this.lease = lease;
    this.unheard = unheard;
  }

  /** Also tells the ready queue which groups have parked jobs, which stay where they are. */
  public RebuildReadyQueue with(ParkedJobs jobs, GroupWindows ofGroups) {
    this.parked = jobs;
    this.windows = ofGroups;
    return this;
  }

  /**
   * Rebuilds the ready queue if it is blank. Interrupted halfway, it stays blank and the next call
   * starts anew.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store or the ready queue cannot
   *     be reached
   */
  public void rebuildIfBlank() {
    if (!rebuild.blank()) {
      return;
    }
    LOG.log(Level.INFO, "event=rebuild_started");
    boolean idle = isEmpty(JobState.RUNNING) && isEmpty(JobState.QUEUED);
    assumeRunningLeased(_ -> true);
    markParked();
    // Whatever the consumers push meanwhile: of what was there, the stream brings nothing again.
    int pushed = putBack(_ -> true, new HashMap<>(), highWater + highWater / 2);
    rebuild.markRebuilt(idle ? Duration.ZERO : unheard);
    LOG.log(Level.INFO, () -> "event=rebuild_finished jobs=" + pushed);
  }

  /**
   * Puts back QUEUED jobs that have not moved for a while and that neither the stream nor the ready
   * queue holds. In a queue that is never empty it takes two sweeps to know that.
   *
   * @param age how long a job must not have moved
   * @throws io.quikqueue.domain.port.UnavailableException when a server cannot be reached
   */
  public void sweep(Duration age) {
    Instant now = clock.instant();
    Instant old = now.minus(age);
    Map<String, Instant> delivered = watermark.deliveredUntil(now);
    Map<String, Long> filled = new HashMap<>(ready.depth());
    delivered.forEach(
        (queue, until) -> {
          if (until.equals(Instant.MIN)) {
            filled.put(queue, highWater); // nothing of it is wanted: not read, be it a million
          }
        });
    assumeRunningLeased(job -> job.updatedAt().isBefore(old));
    markParked();
    int pushed =
        putBack(
            job -> {
              Instant until = delivered.get(job.spec().queue());
              return job.updatedAt().isBefore(old)
                  && (until == null || job.updatedAt().isBefore(until));
            },
            filled,
            highWater);
    if (pushed > 0) {
      LOG.log(Level.WARNING, () -> "event=sweep_put_back jobs=" + pushed);
    }
  }

  private boolean isEmpty(JobState state) {
    return active.scan(state, null, 1).isEmpty();
  }

  private void assumeRunningLeased(Predicate<Job> wanted) {
    List<Job> page = active.scan(JobState.RUNNING, null, BATCH);
    while (!page.isEmpty()) {
      List<Job> old = page.stream().filter(wanted).toList();
      // As they were marked, so that one handed back since then is seen to have moved.
      rebuild.assumeLeased(old.stream().map(Envelope::of).toList(), lease);
      page = active.scan(JobState.RUNNING, page.getLast().id(), BATCH);
    }
  }

  private void markParked() {
    ParkedJobs jobs = parked;
    GroupWindows of = windows;
    if (jobs == null || of == null) {
      return;
    }
    List<GroupOfQueue> page = jobs.groups(null, BATCH);
    while (!page.isEmpty()) {
      of.parked(page);
      page = jobs.groups(page.getLast(), BATCH);
    }
  }

  /**
   * Pushes what is wanted and missing, oldest first.
   *
   * @param filled how many jobs each queue has got, to which those pushed are added
   * @param most how many a queue may get before it is passed over
   */
  private int putBack(Predicate<Job> wanted, Map<String, Long> filled, long most) {
    int pushed = 0;
    JobId last = null;
    while (true) { // to the end: a long queue may stand before a short one
      Set<String> full = full(filled, most);
      List<Job> page = active.scan(JobState.QUEUED, last, full, BATCH);
      if (page.isEmpty()) {
        return pushed;
      }
      List<Job> missing = missing(page, wanted);
      if (!missing.isEmpty()) {
        ready.push(missing);
        missing.forEach(each -> filled.merge(each.spec().queue(), 1L, Long::sum));
        pushed += missing.size();
      }
      last = page.getLast().id();
    }
  }

  private static Set<String> full(Map<String, Long> filled, long most) {
    return filled.entrySet().stream()
        .filter(queue -> queue.getValue() >= most)
        .map(Map.Entry::getKey)
        .limit(MOST_PASSED_OVER)
        .collect(Collectors.toSet());
  }

  private List<Job> missing(List<Job> page, Predicate<Job> wanted) {
    Map<AttemptId, Job> candidates = HashMap.newHashMap(page.size());
    for (Job job : page) {
      if (wanted.test(job)) {
        candidates.put(job.attemptId(), job);
      }
    }
    List<Job> missing = new ArrayList<>();
    if (candidates.isEmpty()) {
      return missing;
    }
    Set<AttemptId> unknown = new HashSet<>(rebuild.unknown(candidates.keySet()));
    for (Job job : page) {
      if (candidates.containsKey(job.attemptId()) && unknown.contains(job.attemptId())) {
        missing.add(job);
      }
    }
    return missing;
  }
}
