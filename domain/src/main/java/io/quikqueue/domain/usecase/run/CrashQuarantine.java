package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which job ends its workers, so that no other is given up for it.
 *
 * <p>When a worker vanishes, each job that ran there counts a crash, since any of them may be the
 * cause. A job that has lost two workers, or would be given up with its next crash, is a suspect.
 * The rule: <b>a suspect is given up only by a crash while it ran alone in its worker</b>. That it
 * runs alone is in the store before it starts, and is taken back there before anything starts
 * beside it; whoever rescues it reads it from there ({@link Job#rescue}).
 *
 * <p>So each suspect has a trial. The worker takes nothing else, waits until it is empty, and
 * starts the suspect, the one with the most crashes first. Others start again when the suspect is
 * over or has run for the period of its trial. When the worker is not empty within such a period,
 * the suspect starts beside the rest: its crash counts and does not give it up.
 *
 * <p>The period is two seconds, and four times as long after each crash as a suspect. So one that
 * ends its worker late, or always beside long jobs, is alone in the end: it is given up with its
 * sixth crash at the latest where no job takes two minutes, else with its eleventh. A worker is
 * closed to other jobs for at most half of the time; nothing else holds up jobs that lost no worker
 * or one.
 *
 * <p>For one thread, but for {@link #waiting}.
 */
final class CrashQuarantine {

  private static final int WORKERS_LOST = 2;
  private static final Duration FIRST_PERIOD = Duration.ofSeconds(2);

  /** Then it is 36 hours, and no attempt lasts longer than 24. */
  private static final int MOST_STEPS = 8;

  /** So long trials follow each other before others get their turn. */
  private static final Duration SESSION = FIRST_PERIOD;

  /** What a worker may do now. */
  sealed interface Turn {

    /** Take jobs and start them, but for suspects. */
    record Open() implements Turn {}

    /** Start nothing. */
    record Closed() implements Turn {}

    /** Start this suspect and nothing else, {@code alone} if nothing runs beside it. */
    record Trial(JobMessage suspect, boolean alone) implements Turn {}

    /** Record that this attempt, which runs, is not alone any more; then ask again. */
    record Join(ActiveAttempt attempt) implements Turn {}
  }

  private final Map<AttemptId, ActiveAttempt> held;
  private final BooleanSupplier idle;
  private final LongSupplier nanoTime;
  private final Deferred waiting;
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
   * @param most suspects that may wait
   */
  CrashQuarantine(
      Map<AttemptId, ActiveAttempt> held, BooleanSupplier idle, LongSupplier nanoTime, int most) {
    this.held = held;
    this.idle = idle;
    this.nanoTime = nanoTime;
    this.waiting = new Deferred(most);
    this.openUntil = nanoTime.getAsLong();
  }

  /** Whether a job may be what ended its workers. */
  static boolean isSuspect(Job job) {
    return job.crashes() > 0 && job.crashes() >= firstAsSuspect(job);
  }

  private static int firstAsSuspect(Job job) {
    return Math.min(WORKERS_LOST, job.spec().policy().maxCrashes() - 1);
  }

  /** How long a suspect waits for the worker to be empty, and then runs before others start. */
  static Duration period(Job suspect) {
    int steps = Math.min(MOST_STEPS, suspect.crashes() - firstAsSuspect(suspect));
    return FIRST_PERIOD.multipliedBy(1L << (2 * steps));
  }

  /** The suspects that wait; their leases are to be renewed. */
  Deferred waiting() {
    return waiting;
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
    JobMessage first = waiting.mostCrashed();
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
    if (!empty && !passed(now, patientSince, period(first.job()))) {
      return new Turn.Closed();
    }
    waiting.remove(first.job().attemptId());
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
}
