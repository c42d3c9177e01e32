package io.quikqueue.simulation;

import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.QueueFigures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What really happened, seen from outside: every job as the store had it after each write, every
 * start of a handler, every answer to a client. Throws a {@link Violation} as soon as a promise is
 * broken. Time is counted in calls of ports.
 */
final class Ledger {

  private final InMemoryStore store;
  private final InMemoryReadyQueue ready;
  private final Partitions stream;
  private final Predicate<AttemptId> runs;
  private final Map<JobId, Job> jobs = new LinkedHashMap<>();
  private final Map<String, Integer> finished = new HashMap<>();
  private final Map<AttemptId, Long> queuedAt = new HashMap<>();
  private final Map<AttemptId, Long> overAt = new HashMap<>();

  /** When the job was taken, for each start. */
  private final Map<AttemptId, List<Long>> starts = new HashMap<>();

  private final Map<AttemptId, Integer> handedBack = new HashMap<>();

  /** When it was handed back first. */
  private final Map<AttemptId, Long> handedBackAt = new HashMap<>();

  /** When a worker was given it first. */
  private final Map<AttemptId, Long> takenAt = new HashMap<>();

  /** When it was handed back, for each attempt that nobody has taken since. */
  private final Map<AttemptId, Long> drainedAt = new HashMap<>();

  /** When a rescuer reclaimed it last. */
  private final Map<AttemptId, Long> reclaimedAt = new HashMap<>();

  private final Map<JobId, Integer> retriesUnderWay = new HashMap<>();
  private final Map<JobId, Integer> retriesLeft = new HashMap<>();
  private final Map<String, JobId> answers = new HashMap<>();
  private final Map<String, JobId> byKey = new HashMap<>();
  private final Map<String, List<JobId>> lines = new HashMap<>();
  private long tick;
  private int faults;
  private long lostAt = -1;
  private long wipedAt = -1;

  /**
   * @param runs whether a handler of an attempt runs now
   */
  Ledger(
      InMemoryStore store, InMemoryReadyQueue ready, Partitions stream, Predicate<AttemptId> runs) {
    this.store = store;
    this.ready = ready;
    this.stream = stream;
    this.runs = runs;
  }

  /** A port was called; returns when. */
  long tick() {
    return ++tick;
  }

  long now() {
    return tick;
  }

  void fault() {
    faults++;
  }

  /** The ready queue was wiped: what it held is gone, until the store is asked what that was. */
  void wiped() {
    faults++;
    lostAt = tick();
    wipedAt = lostAt;
  }

  /** The stream lost records. */
  void streamLost() {
    faults++;
    lostAt = tick();
  }

  /** Every job the store ever had, oldest first. */
  List<JobId> jobIds() {
    return List.copyOf(jobs.keySet());
  }

  /** A client asks for a retry, which lets the job leave its terminal state once. */
  void retryBegins(JobId id) {
    retriesUnderWay.merge(id, 1, Integer::sum);
    retriesLeft.merge(id, 1, Integer::sum);
  }

  void retryEnds(JobId id) {
    int others = retriesUnderWay.merge(id, -1, Integer::sum);
    retriesLeft.merge(id, others, Math::min);
  }

  void handedBack(Collection<AttemptId> attempts) {
    for (AttemptId attempt : attempts) {
      handedBack.merge(attempt, 1, Integer::sum);
      handedBackAt.putIfAbsent(attempt, tick);
    }
  }

  /** A worker has gone away in order, and what it ran was not over. */
  void drained(Collection<AttemptId> attempts) {
    attempts.forEach(attempt -> drainedAt.put(attempt, tick));
  }

  /** A worker was given attempts. */
  void taken(Collection<AttemptId> attempts) {
    for (AttemptId attempt : attempts) {
      drainedAt.remove(attempt);
      takenAt.putIfAbsent(attempt, tick);
    }
  }

  /** A rescuer was given attempts. */
  void reclaimed(Collection<AttemptId> attempts) {
    attempts.forEach(attempt -> reclaimedAt.put(attempt, tick));
  }

  /** A client was told that its request made this job. */
  void accepted(String key, JobId id) {
    require(jobs.containsKey(id), "job %s was accepted and is not in the store", id);
    JobId first = answers.putIfAbsent(key, id);
    require(first == null || first.equals(id), "the key %s made job %s and job %s", key, first, id);
  }

  /**
   * A handler begins.
   *
   * @param takenAt when its worker took the job
   * @param lookedAt when its worker looked last whether the job may start
   */
  void started(AttemptId attempt, long takenAt, long lookedAt) {
    Job job = jobs.get(attempt.job());
    require(job != null, "%s started and was never submitted", attempt);
    Long over = overAt.get(attempt);
    require(
        over == null || over > lookedAt,
        "%s started although it was over before its worker looked; the job is %s at attempt %s",
        attempt,
        job == null ? null : job.state(),
        job == null ? null : job.attempt());
    require(queuedAt.containsKey(attempt), "%s started and was never QUEUED", attempt);
    List<Long> before = starts.computeIfAbsent(attempt, _ -> new ArrayList<>());
    if (!before.isEmpty() && wipedAt <= before.getLast()) {
      // After a wipe the stream may deliver what was announced before it was handed back. A worker
      // that crashes with that looks as if it had handed it back.
      boolean oldRecord = wipedAt > handedBackAt.getOrDefault(attempt, Long.MAX_VALUE);
      require(
          handedBack.merge(attempt, -1, Integer::sum) >= 0 || oldRecord,
          "%s started again, and neither was it handed back nor the ready queue wiped",
          attempt);
    }
    before.add(takenAt);
  }

  /** Compares jobs in the store with what they were before a write. */
  void written(Collection<JobId> ids) {
    store.find(ids).values().forEach(this::written);
  }

  private void written(Job now) {
    Job before = jobs.put(now.id(), now);
    if (before == null) {
      submitted(now);
    } else if (!before.equals(now)) {
      changed(before, now);
    }
    if (now.state() == JobState.QUEUED) {
      queuedAt.putIfAbsent(now.attemptId(), tick);
    }
    requireOrder(now);
  }

  private void submitted(Job job) {
    require(job.attempt() == 1 && !job.state().terminal(), "a new job is %s", job);
    String key = job.spec().payload();
    JobId first = byKey.putIfAbsent(key, job.id());
    require(
        first == null || Request.unkeyed(key),
        "the key %s made job %s and job %s",
        key,
        first,
        job.id());
  }

  private void changed(Job before, Job now) {
    boolean sameAttempt = before.attempt() == now.attempt();
    if (before.state().terminal()) {
      int left = retriesLeft.merge(now.id(), -1, Integer::sum);
      require(
          before.state() != JobState.DONE
              && (now.state() == JobState.QUEUED || isBehindOthers(now))
              && now.attempt() == before.attempt() + 1
              && left >= 0,
          "job %s left %s for %s unasked",
          now.id(),
          before.state(),
          now.state());
    } else {
      require(
          sameAttempt || (now.attempt() == before.attempt() + 1 && now.state() == JobState.QUEUED),
          "job %s went from attempt %s to attempt %s, %s",
          now.id(),
          before.attempt(),
          now.attempt(),
          now.state());
    }
    if (before.state().active() && !(sameAttempt && now.state().active())) {
      overAt.put(before.attemptId(), tick);
    }
    require(
        now.state() != JobState.EXPIRED || before.state() != JobState.RUNNING,
        "%s was marked RUNNING and expired",
        now.attemptId());
    require(
        now.state() != JobState.EXPIRED
            || givenTwice(now.attemptId())
            || !runs.test(now.attemptId()),
        "%s expired while its handler ran",
        now.attemptId());
    require(
        now.crashes() <= before.crashes()
            || givenTwice(before.attemptId())
            || drainedAt.getOrDefault(before.attemptId(), Long.MAX_VALUE)
                >= reclaimedAt.getOrDefault(before.attemptId(), 0L),
        "%s was handed back in order, and is counted as a crash",
        before.attemptId());
    if (now.state().terminal() != before.state().terminal()) {
      finished.merge(now.spec().queue(), now.state().terminal() ? 1 : -1, Integer::sum);
    }
    requireRecords(now);
  }

  private static boolean isBehindOthers(Job job) {
    return job.state() == JobState.WAITING && job.spec().orderingKey() != null;
  }

  /** Of each ordering key's jobs only the one that was submitted first may do anything but wait. */
  private void requireOrder(Job now) {
    String key = now.spec().orderingKey();
    if (key == null) {
      return;
    }
    List<JobId> line =
        lines.computeIfAbsent(now.spec().queue() + ' ' + key, _ -> new ArrayList<>());
    if (now.state().terminal()) {
      line.remove(now.id());
    } else if (!line.contains(now.id())) {
      line.add(now.id());
    }
    List<Job> standing =
        store.find(line).values().stream().filter(job -> !job.state().terminal()).toList();
    for (Job each : standing.subList(Math.min(1, standing.size()), standing.size())) {
      require(
          each.state() == JobState.WAITING,
          "job %s is %s, and job %s of its ordering key is before it",
          each.id(),
          each.state(),
          standing.getFirst().id());
    }
  }

  /**
   * Whether workers were perhaps given it before a wipe and after: one of them may outlive the
   * attempt, or hand it back while the other runs it, or crash after the other handed it back.
   */
  private boolean givenTwice(AttemptId attempt) {
    return wipedAt > takenAt.getOrDefault(attempt, Long.MAX_VALUE);
  }

  /** At most one record per attempt, and of a job that is DONE the last one says so. */
  private void requireRecords(Job job) {
    int last = 0;
    boolean succeeded = false;
    for (AttemptRecord each : store.attempts(job.id())) {
      require(
          each.number() > last && !succeeded,
          "job %s has the record of attempt %s after that of attempt %s, which succeeded: %s",
          job.id(),
          each.number(),
          last,
          succeeded);
      last = each.number();
      succeeded = each.outcome() == AttemptRecord.Outcome.DONE;
    }
    require(
        succeeded == (job.state() == JobState.DONE),
        "job %s is %s, and its last record says success: %s",
        job.id(),
        job.state(),
        succeeded);
  }

  /**
   * Every job that is to run is on its way to a worker, or with one, whatever happened: only a
   * ready queue or a stream that lost what it held may be the reason that it is not.
   */
  void check() {
    List<AttemptId> active = new ArrayList<>();
    for (Job job : jobs.values()) {
      if (job.state().active() && queuedAt.getOrDefault(job.attemptId(), 0L) > lostAt) {
        active.add(job.attemptId());
      }
    }
    if (active.isEmpty()) {
      return;
    }
    Set<AttemptId> nowhere = new HashSet<>(ready.unknown(active));
    if (nowhere.isEmpty()) {
      return;
    }
    nowhere.removeAll(stream.underWay());
    store.pending(Instant.MAX, 1000).forEach(job -> nowhere.remove(job.attemptId()));
    require(
        nowhere.isEmpty(),
        "%s is to run, and neither outbox nor stream nor ready queue have it",
        nowhere);
  }

  /** Whether all is over that clients asked for. */
  boolean allOver() {
    return jobs.values().stream().allMatch(job -> job.state().terminal())
        && store.size() == 0
        && stream.lag() == 0
        && ready.depth().values().stream().allMatch(depth -> depth == 0);
  }

  /** What is not over yet. */
  String unfinished() {
    return "outbox "
        + store.size()
        + ", stream "
        + stream.lag()
        + ", ready "
        + ready.depth()
        + ", jobs "
        + jobs.values().stream()
            .filter(job -> !job.state().terminal())
            .map(job -> job.attemptId() + " " + job.state())
            .toList();
  }

  /** What must hold once all is over. */
  void audit() {
    written(jobIds());
    answers.values().forEach(id -> require(jobs.containsKey(id), "job %s is lost", id));
    require(store.due(Instant.MAX, 1).isEmpty(), "a timer is left");
    Map<String, Map<JobState, Long>> depth = new HashMap<>();
    Map<String, Long> submitted = new HashMap<>();
    for (Job job : jobs.values()) {
      String queue = job.spec().queue();
      submitted.merge(queue, 1L, Long::sum);
      depth
          .computeIfAbsent(queue, _ -> new EnumMap<>(JobState.class))
          .merge(job.state(), 1L, Long::sum);
      require(
          job.state() != JobState.DONE || starts.containsKey(job.attemptId()),
          "job %s is DONE and its attempt %s never ran",
          job.id(),
          job.attempt());
      require(faults > 0 || job.crashes() == 0, "job %s crashed without a fault", job.id());
    }
    require(store.all().size() == depth.size(), "the store counts other queues than %s", depth);
    for (QueueFigures queue : store.all()) {
      require(
          queue.jobs().equals(depth.get(queue.queue()))
              && queue.submitted() == submitted.getOrDefault(queue.queue(), 0L)
              && queue.finished() == finished.getOrDefault(queue.queue(), 0),
          "%s, but there are %s, submitted %s, finished %s",
          queue,
          depth,
          submitted,
          finished);
    }
  }

  /** How many handlers began. */
  int runs() {
    return starts.values().stream().mapToInt(List::size).sum();
  }

  int faults() {
    return faults;
  }

  static void require(boolean holds, String message, Object... details) {
    if (!holds) {
      throw new Violation(message.formatted(details));
    }
  }
}
