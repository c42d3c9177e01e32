package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.BacklogQuery;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.UnavailableException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The QUEUED jobs of a store that can fail, and do something between a read and its answer. */
class StoredJobs implements ActiveJobs, Queues {

  private static final Comparator<Job> ORDER =
      Comparator.<Job>comparingInt(job -> job.spec().priority()).thenComparing(Job::id);

  private final Map<String, NavigableSet<Job>> queued = new TreeMap<>();
  private volatile Runnable afterRead = () -> {};
  private volatile boolean down;
  private int reads;
  private int rows;

  synchronized void add(Job job) {
    NavigableSet<Job> jobs = queued.computeIfAbsent(job.spec().queue(), _ -> new TreeSet<>(ORDER));
    jobs.remove(job);
    jobs.add(job);
  }

  /** The job is not QUEUED any more. */
  synchronized void remove(Job job) {
    queued.get(job.spec().queue()).remove(job);
  }

  synchronized int reads() {
    return reads;
  }

  synchronized int rows() {
    return rows;
  }

  void down(boolean now) {
    down = now;
  }

  /** Runs once, after the rows of the next read were chosen and before they are returned. */
  void afterNextRead(Runnable action) {
    afterRead =
        () -> {
          afterRead = () -> {};
          action.run();
        };
  }

  @Override
  public Map<JobId, String> workers(Collection<JobId> running) {
    return Map.of();
  }

  @Override
  public List<Job> backlog(BacklogQuery query, Job after, int limit) {
    Set<String> types = query.types();
    List<Job> page;
    synchronized (this) {
      reads++;
      requireUp();
      NavigableSet<Job> jobs = queued.getOrDefault(query.queue(), new TreeSet<>(ORDER));
      page =
          (after == null ? jobs : jobs.tailSet(after, false))
              .stream()
                  .filter(job -> types.isEmpty() || types.contains(job.spec().type()))
                  .filter(job -> query.group() == null || query.group().equals(job.spec().group()))
                  .filter(
                      job ->
                          job.spec().group() == null
                              || !query.except().contains(job.spec().group()))
                  .limit(limit)
                  .toList();
      rows += page.size();
    }
    afterRead.run();
    return page;
  }

  @Override
  public synchronized List<QueueFigures> all() {
    requireUp();
    return queued.entrySet().stream()
        .map(
            entry ->
                new QueueFigures(
                    entry.getKey(),
                    Map.of(JobState.QUEUED, (long) entry.getValue().size()),
                    entry.getValue().size(),
                    0,
                    null))
        .toList();
  }

  @Override
  public Optional<QueueFigures> find(String queue) {
    return all().stream().filter(figures -> figures.queue().equals(queue)).findAny();
  }

  @Override
  public List<Job> scan(JobState state, JobId after, Set<String> except, int limit) {
    throw new UnsupportedOperationException("a refill reads one queue");
  }

  private void requireUp() {
    if (down) {
      throw new UnavailableException("store", "switched off");
    }
  }

  @Override
  public List<JobId> oldestBeyond(String queue, String group, int most, int limit) {
    throw new UnsupportedOperationException();
  }
}
