package io.quikqueue.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work and where it stands. Immutable; each verb returns the job after it and the
 * events it caused, or throws {@link IllegalTransitionException}. Nothing else decides which
 * transitions are legal.
 *
 * @param attempt the number of the current attempt, or of the next one when none is under way; the
 *     fencing token
 * @param failures failed attempts since submit or the last explicit retry
 * @param crashes workers lost since then
 * @param runAt when the job was first due, or was last retried by hand
 * @param dueAt what a SCHEDULED or RETRYING job waits for; null in every other state
 * @param startedAt when the last attempt known to have started did; null before the first
 * @param finishedAt when the job reached a terminal state
 * @param result JSON text that the handler returned
 * @param note a short human summary of how the last attempt ended, or that this one runs alone
 * @param error why the last failed attempt failed, or which answer put the last one off; null when
 *     it was put off before anything was sent
 * @param deadlineLifted whether a retry by hand lifted its deadline; false when it has none
 */
public record Job(
    JobId id,
    JobSpec spec,
    JobState state,
    int attempt,
    int failures,
    int crashes,
    Instant createdAt,
    Instant updatedAt,
    Instant runAt,
    @Nullable Instant dueAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String result,
    @Nullable String note,
    @Nullable String error,
    boolean deadlineLifted) {

  /**
   * How long after it was due a job without {@code max_elapsed} and deadline can be put off; from
   * then on that counts as a failure.
   */
  private static final Duration LONGEST_HOLD = Duration.ofHours(24);

  /** The note of a job that is RUNNING with nothing beside it in its worker. */
  private static final String RUNS_ALONE = "runs alone: it may be what ended its workers";

  public Job {
    if (attempt < 1 || failures < 0 || crashes < 0) {
      throw new IllegalArgumentException(
          "attempt, failures or crashes of job " + id + " out of range");
    }
    if (deadlineLifted && spec.deadline() == null) {
      throw new IllegalArgumentException("job " + id + " has no deadline that could be lifted");
    }
    if ((dueAt != null) != (state == JobState.SCHEDULED || state == JobState.RETRYING)) {
      throw new IllegalArgumentException("job " + id + " is " + state + " with due_at " + dueAt);
    }
  }

  /**
   * A new job: WAITING when it waits for others, SCHEDULED when {@code runAt} lies ahead, else
   * QUEUED.
   *
   * @param runAt when it should run; null = at once
   */
  public static Transition submit(
      JobId id, JobSpec spec, @Nullable Instant runAt, boolean waits, Instant now) {
    Instant due = runAt == null || runAt.isBefore(now) ? now : runAt.truncatedTo(ChronoUnit.MICROS);
    JobState state =
        waits ? JobState.WAITING : due.isAfter(now) ? JobState.SCHEDULED : JobState.QUEUED;
    Job job =
        new Job(
            id,
            spec,
            state,
            1,
            0,
            0,
            now,
            now,
            due,
            state == JobState.SCHEDULED ? due : null,
            null,
            null,
            null,
            null,
            null,
            false);
    return job.with(
        state == JobState.QUEUED
            ? List.of(job.event(JobEvent.Kind.SUBMITTED, now), job.event(JobEvent.Kind.QUEUED, now))
            : List.of(job.event(JobEvent.Kind.SUBMITTED, now)));
  }

  /** The attempt that runs now, or the next one. */
  public AttemptId attemptId() {
    return new AttemptId(id, attempt);
  }

  /** The length of its texts that may be long: payload and result. */
  public long chars() {
    return (long) spec.payload().length() + (result == null ? 0 : result.length());
  }

  /** This job without payload (JSON {@code null} stands for it) and result, which may be large. */
  public Job summary() {
    return new Job(
        id,
        spec.withPayload("null"),
        state,
        attempt,
        failures,
        crashes,
        createdAt,
        updatedAt,
        runAt,
        dueAt,
        startedAt,
        finishedAt,
        null,
        note,
        error,
        deadlineLifted);
  }

  /** Whether the verb is legal now. */
  public boolean can(Verb verb) {
    return verb.from().contains(state);
  }

  /**
   * When this job next needs attention without anyone asking: to be woken, or to expire. Null =
   * never.
   */
  public @Nullable Instant timer() {
    Instant deadline = can(Verb.EXPIRE) && !deadlineLifted ? spec.deadline() : null;
    if (dueAt == null) {
      return deadline;
    }
    return deadline == null || dueAt.isBefore(deadline) ? dueAt : deadline;
  }

  /** Whether the store knows that it runs with nothing beside it in its worker. */
  public boolean runsAlone() {
    return state == JobState.RUNNING && RUNS_ALONE.equals(note);
  }

  /** Whether the deadline has passed with no attempt under way. */
  public boolean overdue(Instant now) {
    Instant deadline = spec.deadline();
    return deadline != null && !now.isBefore(deadline) && can(Verb.EXPIRE) && !deadlineLifted;
  }

  /** The wait is over. A retrying job gets its next attempt number. */
  public Transition wake(Instant now) {
    require(Verb.WAKE);
    int next = state == JobState.RETRYING ? attempt + 1 : attempt;
    Job after = queued(next, failures, crashes, now, runAt, deadlineLifted);
    return after.with(List.of(after.event(JobEvent.Kind.QUEUED, now)));
  }

  /** A worker has begun the attempt. */
  public Transition start(Instant now) {
    require(Verb.START);
    Job after = moved(JobState.RUNNING, failures, crashes, now, null, now, null, note, error);
    return after.with(List.of(after.event(JobEvent.Kind.STARTED, now)));
  }

  /** A worker has begun the attempt, and runs nothing beside it. */
  public Transition startAlone(Instant now) {
    require(Verb.START);
    Job after = moved(JobState.RUNNING, failures, crashes, now, null, now, null, RUNS_ALONE, error);
    return after.with(List.of(after.event(JobEvent.Kind.STARTED, now)));
  }

  /** This job, RUNNING, when others may start beside it. */
  public Job besideOthers(Instant now) {
    return runsAlone()
        ? moved(state, failures, crashes, now, null, startedAt, null, null, error)
        : this;
  }

  /** The attempt succeeded. */
  public Transition succeed(@Nullable String json, @Nullable String summary, Instant now) {
    require(Verb.SUCCEED);
    Job after = moved(JobState.DONE, failures, crashes, now, null, startedAt, json, summary, null);
    return after.with(List.of(after.event(JobEvent.Kind.SUCCEEDED, now)));
  }

  /**
   * The attempt failed: RETRYING while the policy allows another one, else FAILED.
   *
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter
   */
  public Transition fail(Failure failure, double random, Instant now) {
    require(Verb.FAIL);
    int failed = failures + 1;
    Policy policy = spec.policy();
    Duration wait = policy.backoffAfter(failed, random);
    Duration limit = policy.maxElapsed();
    boolean late = limit != null && now.plus(wait).isAfter(runAt.plus(limit));
    JobEvent event = event(JobEvent.Kind.ATTEMPT_FAILED, now);
    if (failure.permanent() || failed >= policy.maxAttempts() || late) {
      String why =
          failure.permanent()
              ? "gave up: the failure is permanent"
              : late ? "gave up: out of time" : "gave up after " + failed + " failed attempts";
      Job after = gaveUp(failed, crashes, now, why, failure.message());
      return after.with(List.of(event, after.event(JobEvent.Kind.GAVE_UP, now)));
    }
    Job after =
        moved(
            JobState.RETRYING,
            failed,
            crashes,
            now,
            now.plus(wait),
            startedAt,
            null,
            "attempt " + attempt + " failed",
            failure.message());
    return after.with(List.of(event));
  }

  /**
   * The attempt could not be made now, through no fault of the job: RETRYING without a failure.
   * FAILED when that would be later than the policy allows. A job that nothing else ends can be put
   * off for 24 hours; from then on it counts as a failure.
   *
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter after a failure
   */
  public Transition postpone(Postponement put, double random, Instant now) {
    require(Verb.POSTPONE);
    Duration limit = spec.policy().maxElapsed();
    Instant end = runAt.plus(limit == null ? LONGEST_HOLD : limit);
    boolean endless = limit == null && (spec.deadline() == null || deadlineLifted);
    String why = put.answer() == null ? put.reason() : put.answer();
    if (!now.isBefore(end) && endless) {
      return fail(new Failure(why, false), random, now);
    }
    JobEvent event = event(JobEvent.Kind.POSTPONED, now);
    if (!now.isBefore(end) && limit != null) {
      Job after = gaveUp(failures, crashes, now, "gave up: out of time", why);
      return after.with(List.of(event, after.event(JobEvent.Kind.GAVE_UP, now)));
    }
    Instant until = put.until().truncatedTo(ChronoUnit.MICROS);
    Instant due = (limit != null || endless) && until.isAfter(end) ? end : until;
    String note = "waits until " + due + ": " + put.reason();
    Job after =
        moved(JobState.RETRYING, failures, crashes, now, due, startedAt, null, note, put.answer());
    return after.with(List.of(event));
  }

  /** A client called the job off. */
  public Transition cancel(Instant now) {
    require(Verb.CANCEL);
    Job after =
        moved(
            JobState.CANCELLED, failures, crashes, now, null, startedAt, null, "cancelled", error);
    return after.with(List.of(after.event(JobEvent.Kind.CANCELLED, now)));
  }

  /** The deadline passed before the job started. */
  public Transition expire(Instant now) {
    require(Verb.EXPIRE);
    Job after =
        moved(
            JobState.EXPIRED,
            failures,
            crashes,
            now,
            null,
            startedAt,
            null,
            "expired: the deadline passed before it started",
            error);
    return after.with(List.of(after.event(JobEvent.Kind.EXPIRED, now)));
  }

  /**
   * A client wants a job that ended without success to run again, with its whole policy before it.
   * Its deadline no longer counts.
   */
  public Transition retry(Instant now) {
    require(Verb.RETRY);
    Job after = queued(attempt + 1, 0, 0, now, now, spec.deadline() != null);
    return after.with(
        List.of(after.event(JobEvent.Kind.RETRIED, now), after.event(JobEvent.Kind.QUEUED, now)));
  }

  /** A draining worker hands the attempt back unfinished; the same attempt will run again. */
  public Transition release(Instant now) {
    require(Verb.RELEASE);
    Job after = queued(attempt, failures, crashes, now, runAt, deadlineLifted);
    return after.with(List.of(after.event(JobEvent.Kind.RELEASED, now)));
  }

  /**
   * The worker of the attempt vanished: the next attempt, or FAILED when that happened too often. A
   * job that may run after a crash at all is given up only by one that it met alone in its worker.
   */
  public Transition rescue(Instant now) {
    require(Verb.RESCUE);
    boolean itself = runsAlone() || spec.policy().maxCrashes() == 1;
    return crashed(itself, "the worker vanished while running attempt " + attempt, now);
  }

  /** The handler of the attempt ended the process: a crash of which nothing else is the cause. */
  public Transition exit(Instant now) {
    require(Verb.RESCUE);
    return crashed(true, "the handler ended its process in attempt " + attempt, now);
  }

  private Transition crashed(boolean itself, String why, Instant now) {
    int lost = crashes + 1;
    JobEvent event = event(JobEvent.Kind.CRASHED, now);
    if (lost >= spec.policy().maxCrashes() && itself) {
      Job after = gaveUp(failures, lost, now, "gave up after " + lost + " crashes", why);
      return after.with(List.of(event, after.event(JobEvent.Kind.GAVE_UP, now)));
    }
    Job after = queued(attempt + 1, failures, lost, now, runAt, deadlineLifted);
    return after.with(List.of(event, after.event(JobEvent.Kind.QUEUED, now)));
  }

  private Job queued(int number, int failed, int lost, Instant now, Instant due, boolean lifted) {
    return new Job(
        id,
        spec,
        JobState.QUEUED,
        number,
        failed,
        lost,
        createdAt,
        now,
        due,
        null,
        startedAt,
        null,
        null,
        null,
        error,
        lifted);
  }

  private Job gaveUp(int failed, int lost, Instant now, String summary, String why) {
    return moved(JobState.FAILED, failed, lost, now, null, startedAt, null, summary, why);
  }

  private Job moved(
      JobState to,
      int failed,
      int lost,
      Instant now,
      @Nullable Instant due,
      @Nullable Instant started,
      @Nullable String json,
      @Nullable String summary,
      @Nullable String why) {
    return new Job(
        id,
        spec,
        to,
        attempt,
        failed,
        lost,
        createdAt,
        now,
        runAt,
        due,
        started,
        to.terminal() ? now : null,
        json,
        summary,
        why,
        deadlineLifted);
  }

  private void require(Verb verb) {
    Set<JobState> legal = verb.from();
    if (!legal.contains(state)) {
      throw new IllegalTransitionException(id, state, verb);
    }
  }

  private JobEvent event(JobEvent.Kind kind, Instant at) {
    return new JobEvent(kind, id, attempt, at);
  }

  private Transition with(List<JobEvent> events) {
    return new Transition(this, events);
  }
}
