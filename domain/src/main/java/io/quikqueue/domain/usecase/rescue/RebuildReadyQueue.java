package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.Announced;
import io.quikqueue.domain.port.JobStream;
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

/**
 * Compares the store with the ready queue and puts back what is missing: at once when the ready
 * queue is blank, and now and then for single jobs that fell through (the stream lost them).
 * Everything it pushes may be pushed twice without harm.
 */
public final class RebuildReadyQueue {

  private static final Logger LOG = System.getLogger(RebuildReadyQueue.class.getName());
  private static final int BATCH = 500;

  private final ActiveJobs active;
  private final ReadyQueue ready;
  private final ReadyQueueRebuild rebuild;
  private final OnTheWay onTheWay;
  private final InstantSource clock;
  private final long highWater;
  private final Duration lease;

  /**
   * @param clock the store's clock
   * @param highWater ready jobs in a queue above which no more are put back now
   * @param lease how long a job marked RUNNING may stay silent after a wipe before it is rescued
   */
  public RebuildReadyQueue(
      ActiveJobs active,
      ReadyQueue ready,
      ReadyQueueRebuild rebuild,
      JobStream stream,
      InstantSource clock,
      long highWater,
      Duration lease) {
    this.active = active;
    this.ready = ready;
    this.rebuild = rebuild;
    this.onTheWay = new OnTheWay(stream);
    this.clock = clock;
    this.highWater = highWater;
    this.lease = lease;
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
    presumeRunning(_ -> true);
    int pushed = putBack(_ -> true);
    rebuild.markRebuilt();
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
    Map<String, Instant> delivered = onTheWay.deliveredUntil(now);
    presumeRunning(job -> job.updatedAt().isBefore(old));
    int pushed =
        putBack(
            job -> {
              Instant until = delivered.get(job.spec().queue());
              return job.updatedAt().isBefore(old)
                  && (until == null || job.updatedAt().isBefore(until));
            });
    if (pushed > 0) {
      LOG.log(Level.WARNING, () -> "event=sweep_put_back jobs=" + pushed);
    }
  }

  private void presumeRunning(Predicate<Job> wanted) {
    List<Job> page = active.scan(JobState.RUNNING, null, BATCH);
    while (!page.isEmpty()) {
      List<Job> old = page.stream().filter(wanted).toList();
      rebuild.presumeRunning(messagesOfRunning(old), lease);
      page = active.scan(JobState.RUNNING, page.getLast().id(), BATCH);
    }
  }

  private int putBack(Predicate<Job> wanted) {
    Map<String, Long> depth = new HashMap<>(ready.depth());
    int pushed = 0;
    List<Job> page = active.scan(JobState.QUEUED, null, BATCH);
    while (!page.isEmpty()) { // to the end: a long queue may stand before a short one
      List<Announced> missing = missing(page, wanted, depth);
      if (!missing.isEmpty()) {
        depth.putAll(ready.push(missing));
        pushed += missing.size();
      }
      page = active.scan(JobState.QUEUED, page.getLast().id(), BATCH);
    }
    return pushed;
  }

  private List<Announced> missing(List<Job> page, Predicate<Job> wanted, Map<String, Long> depth) {
    Map<AttemptId, Job> candidates = HashMap.newHashMap(page.size());
    for (Job job : page) {
      if (wanted.test(job) && depth.getOrDefault(job.spec().queue(), 0L) < highWater) {
        candidates.put(job.attemptId(), job);
      }
    }
    List<Announced> missing = new ArrayList<>();
    if (candidates.isEmpty()) {
      return missing;
    }
    Set<AttemptId> unknown = new HashSet<>(rebuild.unknown(candidates.keySet()));
    for (Job job : page) {
      if (candidates.containsKey(job.attemptId()) && unknown.contains(job.attemptId())) {
        missing.add(new Announced(JobMessage.of(job), null));
      }
    }
    return missing;
  }

  private static List<JobMessage> messagesOfRunning(List<Job> running) {
    List<JobMessage> messages = new ArrayList<>(running.size());
    // As they were marked, so that one handed back since then is seen to have moved.
    running.forEach(job -> messages.add(JobMessage.of(job.release(job.updatedAt()).job())));
    return messages;
  }
}
