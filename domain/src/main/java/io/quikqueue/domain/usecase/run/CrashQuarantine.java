package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which job ends its workers, so that no other is given up for it.
 *
 * <p>When a worker vanishes, each job that ran there counts a crash, since any of them may be the
 * cause. So that a crash is noticed however soon it comes, a job that has lost a worker is marked
 * RUNNING before it starts again ({@link #startsMarked}). A job that has lost two workers, or would
 * be given up with its next crash, is on its final crash budget: a suspect, which goes into
 * quarantine. The rule: <b>a suspect is given up only by a crash while it ran alone in its
 * worker</b>. That it runs alone is in the store before it starts, and is taken back there before
 * anything starts beside it; whoever rescues it reads it from there ({@link Job#rescue}).
 *
 * <p>So each job in quarantine has a trial. The worker takes nothing else, waits until it is empty,
 * and starts the job, the one with the most crashes first. Others start again when that is over or
 * has run for the period of its trial. When the worker is not empty within such a period, the job
 * starts beside the rest: its crash counts and does not give it up. Until their trials the jobs
 * stay leased: given back, they would be the first to be taken again and stand in the way of all
 * others.
 *
 * <p>The period is two seconds, and four times as long after each crash in quarantine. So a job
 * that ends its worker late, or always beside long jobs, is alone in the end: it is given up with
 * its sixth crash at the latest where no job takes two minutes, else with its eleventh. A worker is
 * closed to other jobs for at most half of the time; nothing else holds up jobs that lost no worker
 * or one.
 *
 * <p>{@link #next}, {@link #began} and {@link #joined} are for one thread, the rest for any.
 */
public final class CrashQuarantine {

  private static final int WORKERS_LOST = 2;
  private static final Duration FIRST_PERIOD = Duration.ofSeconds(2);

  /** Then it is 36 hours, and no attempt lasts longer than 24. */
  private static final int MOST_STEPS = 8;

  /** So long trials follow each other before others get their turn. */
  private static final Duration SESSION = FIRST_PERIOD;

  /** What a worker may do now. */
  sealed interface Turn {

    /** Take jobs and start them, but for those that belong into quarantine. */
    record Open() implements Turn {}

    /** Start nothing. */
    record Closed() implements Turn {}

    /** Start this job and nothing else, {@code alone} if nothing runs beside it. */
    record Trial(Job suspect, boolean alone) implements Turn {}

    /** Record that this attempt, which runs, is not alone any more; then ask again. */
    record Join(ActiveAttempt attempt) implements Turn {}
  }

  private final Map<AttemptId, ActiveAttempt> held;
  private final BooleanSupplier idle;
  private final LongSupplier nanoTime;
  private final int most;
  private final Predicate<Job> startsMarked;

  /** Jobs that wait for their trials, those that came first first; also the lock for it. */
  private final SequencedMap<AttemptId, Job> waiting = new LinkedHashMap<>();

  private @Nullable ActiveAttempt trial;
  private boolean alone;
  private long trialAt;
  private boolean closed;
  private long closedAt;
  private long patientSince;
  private long openUntil;

  /**
   * @param held the attempts in the worker's hands
   * @param idle whether no handler runs, be it one whose attempt is over
   * @param nanoTime monotonic time
   * @param most jobs that may wait
   * @param startsMarked jobs to be marked RUNNING before they start; asked once for each, by one
   *     thread
   */
  CrashQuarantine(
      Map<AttemptId, ActiveAttempt> held,
      BooleanSupplier idle,
      LongSupplier nanoTime,
      int most,
      Predicate<Job> startsMarked) {
    this.held = held;
    this.idle = idle;
    this.nanoTime = nanoTime;
    this.most = most;
    this.startsMarked = startsMarked;
    this.openUntil = nanoTime.getAsLong();
  }

  /**
   * Whether every worker marks the job RUNNING before it starts it. So a job of this kind that is
   * QUEUED has only waited in the hands of its worker.
   */
  public static boolean startsMarked(Job job) {
    return job.crashes() > 0;
  }

  /**
   * The jobs that a process starts marked whose predecessor crashed: those that lost a worker
   * before, and those that the predecessor may have had in its hands. Which these were nobody
   * knows, but they are among the first of their queue to be taken again. To do so with the whole
   * of a long queue would make it run at a third of its speed. A job that is overlooked, because
   * many went ahead of it, comes nearer with every crash. For one thread.
   *
   * @param crashedBefore by the store's clock
   * @param mostPerQueue more than a worker can have in its hands
   */
  public static Predicate<Job> startsMarkedAfterCrash(Instant crashedBefore, int mostPerQueue) {
    Map<String, Integer> taken = new HashMap<>();
    return job -> {
      if (startsMarked(job)) {
        return true;
      }
      String queue = job.spec().queue();
      int before = taken.getOrDefault(queue, 0);
      if (before >= mostPerQueue || !job.updatedAt().isBefore(crashedBefore)) {
        return false;
      }
      taken.put(queue, before + 1);
      return true;
    };
  }

  /** Whether a job may be what ended its workers, and so starts out of quarantine only. */
  static boolean onFinalCrashBudget(Job job) {
    return job.crashes() > 0 && job.crashes() >= firstInQuarantine(job);
  }

  private static int firstInQuarantine(Job job) {
    return Math.min(WORKERS_LOST, job.spec().policy().maxCrashes() - 1);
  }

  /** How long a job waits for the worker to be empty, and then runs before others start. */
  static Duration period(Job suspect) {
    int steps = Math.min(MOST_STEPS, suspect.crashes() - firstInQuarantine(suspect));
    return FIRST_PERIOD.multipliedBy(1L << (2 * steps));
  }

  /** Whether the job must be RUNNING in the store before it starts, since it may crash at once. */
  boolean marksFirst(Job job) {
    return onFinalCrashBudget(job) || startsMarked.test(job);
  }

  /** What the worker may do now. */
  Turn next() {
    long now = nanoTime.getAsLong();
    ActiveAttempt tried = trial;
    if (tried != null) {
      boolean over = held.get(tried.id()) != tried; // and recorded
      if (!over && !passed(now, trialAt, period(tried.job()))) {
        return new Turn.Closed();
      }
      if (!over && alone) {
        return new Turn.Join(tried);
      }
      trial = null;
      patientSince = now;
      if (passed(now, closedAt, SESSION)) {
        open(now);
      }
    }
    Job first = mostCrashed();
    if (first == null) {
      open(now);
      return new Turn.Open();
    }
    if (!closed) {
      if (now - openUntil < 0) {
        return new Turn.Open();
      }
      closed = true;
      closedAt = now;
      patientSince = now;
    }
    boolean empty = held.isEmpty() && idle.getAsBoolean();
    if (!empty && !passed(now, patientSince, period(first))) {
      return new Turn.Closed();
    }
    remove(first.attemptId());
    return new Turn.Trial(first, empty);
  }

  /** A trial began. */
  void began(ActiveAttempt suspect, boolean runsAlone) {
    trial = suspect;
    alone = runsAlone;
    trialAt = nanoTime.getAsLong();
  }

  /** The store knows that the attempt on trial is not alone any more, or has moved on. */
  void joined() {
    alone = false;
  }

  private void open(long now) {
    if (closed) {
      closed = false;
      openUntil = now + (now - closedAt);
    }
  }

  private static boolean passed(long now, long since, Duration length) {
    return now - since >= length.toNanos();
  }

  /** Keeps a job for its trial; false = there is no room. */
  boolean offer(Job job) {
    synchronized (waiting) {
      if (waiting.size() >= most) {
        return false;
      }
      waiting.put(job.attemptId(), job);
      return true;
    }
  }

  /** Of those with the most crashes the one that came first; null = none waits. */
  private @Nullable Job mostCrashed() {
    Job first = null;
    synchronized (waiting) {
      for (Job job : waiting.values()) {
        if (first == null || job.crashes() > first.crashes()) {
          first = job;
        }
      }
    }
    return first;
  }

  /** Takes out one that starts, or whose lease went to another. */
  void remove(AttemptId attempt) {
    synchronized (waiting) {
      waiting.remove(attempt);
    }
  }

  boolean isEmpty() {
    synchronized (waiting) {
      return waiting.isEmpty();
    }
  }

  boolean isFull() {
    synchronized (waiting) {
      return waiting.size() >= most;
    }
  }

  /** The jobs that wait; their leases are to be renewed. */
  List<Job> waiting() {
    synchronized (waiting) {
      return List.copyOf(waiting.values());
    }
  }

  /** Takes out all. */
  List<Job> drain() {
    synchronized (waiting) {
      List<Job> all = List.copyOf(waiting.values());
      waiting.clear();
      return all;
    }
  }
}
