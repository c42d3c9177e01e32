package io.quikqueue.domain.job;

import io.quikqueue.domain.job.AttemptRecord.Outcome;
import io.quikqueue.domain.job.JobEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
 * @param generation 1, and one more with each retry by hand that changed what it was asked for
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
    boolean deadlineLifted,
    int generation) {

  /**
   * How long after it was due a job without {@code max_elapsed} and deadline can be put off; from
   * then on that counts as a failure.
   */
  private static final Duration LONGEST_HOLD = Duration.ofHours(24);

  /** The note of a job that is RUNNING with nothing beside it in its worker. */
  private static final String RUNS_ALONE = "runs alone: it may be what ended its workers";

  public Job {
    if (attempt < 1 || failures < 0 || crashes < 0 || generation < 1) {
      throw new IllegalArgumentException(
          "attempt, failures, crashes or generation of job " + id + " out of range");
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
  public static NewJob submit(
      JobId id, JobSpec spec, @Nullable Instant runAt, boolean waits, Instant now) {
    Instant due = runAt == null || runAt.isBefore(now) ? now : runAt.truncatedTo(ChronoUnit.MICROS);
    NodeWait wait = spec.node() == null ? null : spec.node().waitsFor();
    if (wait != null && !waits) {
      due = waitEnd(wait, due, now);
    }
    JobState state =
        waits
            ? JobState.WAITING
            : due.isAfter(now) || wait != null ? JobState.SCHEDULED : JobState.QUEUED;
    Job job =
        builder(id, spec, now)
            .state(state)
            .runAt(due)
            .dueAt(state == JobState.SCHEDULED ? due : null)
            .build();
    JobEvent submitted = new JobEvent(Kind.SUBMITTED, id, 1, now, null);
    return new NewJob(
        job,
        state == JobState.QUEUED
            ? List.of(submitted, new JobEvent(Kind.QUEUED, id, 1, now, null))
            : List.of(submitted));
  }

  /** A QUEUED job at its first attempt, made and due at this moment, to be described further. */
  public static JobBuilder builder(JobId id, JobSpec spec, Instant now) {
    return new JobBuilder(id, spec, now);
  }

  /** A copy of this job, to be changed. The verbs decide what is legal; this does not. */
  public JobBuilder toBuilder() {
    return new JobBuilder(this);
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
    JobSpec slim = spec.toBuilder().payload("null").build();
    return toBuilder().spec(slim).result(null).build();
  }

  /**
   * Whether other jobs may wait for the end of this one. False of a job that a worker knows from
   * the message of a version that did not tell.
   */
  public boolean mayHaveDependents() {
    return spec.orderingKey() != null || spec.node() != null;
  }

  /** Whether it stands in the line of an ordering key: until it has ended, or longer. */
  public boolean standsInLine() {
    return spec.orderingKey() != null && (!state.terminal() || holdsLine());
  }

  /** Whether it is FAILED and holds the line of its ordering key. */
  public boolean holdsLine() {
    return state == JobState.FAILED && spec.onFailedHead() == OnFailedHead.HOLD;
  }

  /**
   * Whether the verb is legal now. A node of a workflow is retried with its workflow alone, which
   * has counted its end. Only a job that holds a line can be passed.
   */
  public boolean can(Verb verb) {
    return verb.from().contains(state)
        && (verb != Verb.RETRY || spec.node() == null)
        && (verb != Verb.PASS || holdsLine());
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

  /**
   * Whether it has a {@link Unique} slot and may hold it at this moment, if no other job took it
   * meanwhile.
   */
  public boolean holdsSlot(Instant now) {
    Unique unique = spec.unique();
    if (unique == null || !unique.states().contains(state)) {
      return false;
    }
    Duration holdsFor = unique.holdsFor();
    return holdsFor == null || now.isBefore(createdAt.plus(holdsFor));
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

  /**
   * This job, which was to become ready or to wait for its time, waiting for other jobs instead. It
   * keeps its attempt and its {@code run_at}.
   */
  public Job behindOthers() {
    if (state != JobState.QUEUED && state != JobState.SCHEDULED && state != JobState.WAITING) {
      throw new IllegalArgumentException("job " + id + " is " + state + " and cannot wait");
    }
    return toBuilder().state(JobState.WAITING).dueAt(null).build();
  }

  /**
   * The wait is over: QUEUED, or SCHEDULED when it was for other jobs and {@code run_at} lies
   * ahead. A retrying job gets its next attempt number. A node that waits instead of running begins
   * to, or has waited long enough and ends.
   */
  public Transition wake(Instant now) {
    NodeWait wait = spec.node() == null ? null : spec.node().waitsFor();
    if (wait != null) {
      return state == JobState.WAITING ? beginWait(wait, now) : endWait(wait, now);
    }
    if (state == JobState.WAITING && runAt.isAfter(now)) {
      return after(Verb.WAKE).moveTo(JobState.SCHEDULED, now).dueAt(runAt).causing();
    }
    int next = state == JobState.RETRYING ? attempt + 1 : attempt;
    return after(Verb.WAKE).ready(now).attempt(next).causing(Kind.QUEUED);
  }

  private Transition beginWait(NodeWait wait, Instant now) {
    Instant due = waitEnd(wait, runAt.isAfter(now) ? runAt : now, now);
    return after(Verb.WAKE)
        .moveTo(JobState.SCHEDULED, now)
        .dueAt(due)
        .note(waitNote(wait, due))
        .causing();
  }

  private Transition endWait(NodeWait wait, Instant now) {
    if (wait.signal() == null || wait.continues()) {
      return after(Verb.WAKE)
          .moveTo(JobState.DONE, now)
          .result("null") // so that others can refer to it
          .note(wait.signal() == null ? null : "went on without the signal " + wait.signal())
          .causing(Kind.SUCCEEDED);
    }
    return after(Verb.WAKE)
        .giveUp(now, "gave up waiting", "the signal " + wait.signal() + " did not come in time")
        .causing(Kind.GAVE_UP);
  }

  private static Instant waitEnd(NodeWait wait, Instant due, Instant now) {
    Duration length = wait.length();
    return (length == null ? due : now.plus(length)).truncatedTo(ChronoUnit.MICROS);
  }

  private static String waitNote(NodeWait wait, Instant until) {
    return wait.signal() == null
        ? "waits until " + until
        : "waits for the signal " + wait.signal() + " until " + until;
  }

  /** The name of the signal for which it waits now, as a node of a workflow; null = for none. */
  public @Nullable String awaitedSignal() {
    NodeWait wait = spec.node() == null ? null : spec.node().waitsFor();
    return state == JobState.SCHEDULED && wait != null ? wait.signal() : null;
  }

  /**
   * The signal has come for which it waits, as a node of a workflow: DONE.
   *
   * @param payload JSON text, which becomes its result
   */
  public Transition signalled(String payload, Instant now) {
    if (awaitedSignal() == null) {
      throw new IllegalTransitionException(id, state, Verb.WAKE);
    }
    return after(Verb.WAKE)
        .moveTo(JobState.DONE, now)
        .result(payload)
        .note("got the signal " + awaitedSignal())
        .causing(Kind.SUCCEEDED);
  }

  /** A worker has begun the attempt. */
  public Transition start(Instant now) {
    return after(Verb.START).moveTo(JobState.RUNNING, now).startedAt(now).causing(Kind.STARTED);
  }

  /** A worker has begun the attempt, and runs nothing beside it. */
  public Transition startAlone(Instant now) {
    return after(Verb.START)
        .moveTo(JobState.RUNNING, now)
        .startedAt(now)
        .note(RUNS_ALONE)
        .causing(Kind.STARTED);
  }

  /** Others may start beside this job, which is RUNNING. */
  public Transition besideOthers(Instant now) {
    return runsAlone()
        ? toBuilder().moveTo(state, now).note(null).causing()
        : new Transition(this, this, List.of(), null);
  }

  /** The attempt succeeded. */
  public Transition succeed(@Nullable String json, @Nullable String summary, Instant now) {
    return after(Verb.SUCCEED)
        .moveTo(JobState.DONE, now)
        .result(json)
        .note(summary)
        .error(null)
        .causing(ended(Outcome.DONE, null, null, now), Kind.SUCCEEDED);
  }

  /**
   * The attempt failed: RETRYING while the policy allows another one, else FAILED.
   *
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter
   */
  public Transition fail(Failure failure, double random, Instant now) {
    int failed = failures + 1;
    JobBuilder after = after(Verb.FAIL).failures(failed);
    Policy policy = spec.policy();
    Duration wait = policy.delays().after(failed, random);
    Duration limit = policy.maxElapsed();
    boolean late = limit != null && now.plus(wait).isAfter(runAt.plus(limit));
    AttemptRecord ended = ended(Outcome.FAILED, failure.message(), failure, now);
    if (failure.permanent() || failed >= policy.maxAttempts() || late) {
      String why =
          failure.permanent()
              ? "gave up: the failure is permanent"
              : late ? "gave up: out of time" : gaveUpAfter(failed, "failed attempt", "s");
      after.giveUp(now, why, failure.message());
      return after.causing(ended, Kind.ATTEMPT_FAILED, Kind.GAVE_UP);
    }
    after.moveTo(JobState.RETRYING, now).dueAt(now.plus(wait));
    after.note("attempt " + attempt + " failed").error(failure.message());
    return after.causing(ended, Kind.ATTEMPT_FAILED);
  }

  /**
   * The attempt could not be made now, through no fault of the job: RETRYING without a failure.
   * FAILED when that would be later than the policy allows. A job that nothing else ends can be put
   * off for 24 hours; from then on it counts as a failure.
   *
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter after a failure
   */
  public Transition postpone(Postponement put, double random, Instant now) {
    JobBuilder after = after(Verb.POSTPONE);
    Duration limit = spec.policy().maxElapsed();
    Instant end = runAt.plus(limit == null ? LONGEST_HOLD : limit);
    boolean endless = limit == null && (spec.deadline() == null || deadlineLifted);
    String why = put.answer() == null ? put.reason() : put.answer();
    if (!now.isBefore(end) && endless) {
      return fail(new Failure(why, false), random, now);
    }
    if (!now.isBefore(end) && limit != null) {
      after.giveUp(now, "gave up: out of time", why);
      return after.causing(ended(Outcome.FAILED, why, null, now), Kind.POSTPONED, Kind.GAVE_UP);
    }
    Instant until = put.until().truncatedTo(ChronoUnit.MICROS);
    Instant due = (limit != null || endless) && until.isAfter(end) ? end : until;
    after.moveTo(JobState.RETRYING, now).dueAt(due);
    after.note("waits until " + due + ": " + put.reason()).error(put.answer());
    AttemptRecord answered =
        put.answer() == null ? null : ended(Outcome.POSTPONED, put.answer(), null, now);
    return after.causing(answered, Kind.POSTPONED);
  }

  /**
   * The handler sleeps or waits for a signal: SCHEDULED, for the next attempt, without a failure.
   *
   * @param until when it is woken at the latest
   * @param why for people
   */
  public Transition suspend(Instant until, String why, Instant now) {
    Instant due = until.isAfter(now) ? until.truncatedTo(ChronoUnit.MICROS) : now;
    return after(Verb.SUSPEND)
        .moveTo(JobState.SCHEDULED, now)
        .attempt(attempt + 1)
        .dueAt(due)
        .note(why)
        .causing(ended(Outcome.POSTPONED, why, null, now), Kind.SUSPENDED);
  }

  /** Why it sleeps, as its handler wanted; null when it does not. */
  public @Nullable String sleepsFor() {
    return state == JobState.SCHEDULED ? note : null;
  }

  /** A client cancels the job. */
  public Transition cancel(Instant now) {
    return after(Verb.CANCEL)
        .moveTo(JobState.CANCELLED, now)
        .note("cancelled")
        .causing(
            state == JobState.RUNNING ? ended(Outcome.CANCELLED, null, null, now) : null,
            Kind.CANCELLED);
  }

  /**
   * There is no room for it among those that wait.
   *
   * @param why for people
   */
  public Transition displace(String why, Instant now) {
    return after(Verb.CANCEL)
        .moveTo(JobState.CANCELLED, now)
        .note("cancelled: " + why)
        .causing(Kind.CANCELLED);
  }

  /** The deadline passed before the job started. */
  public Transition expire(Instant now) {
    return after(Verb.EXPIRE)
        .moveTo(JobState.EXPIRED, now)
        .note("expired: the deadline passed before it started")
        .causing(Kind.EXPIRED);
  }

  /**
   * What the job needs, as a node of a workflow, did not end as it wants.
   *
   * @param why for people
   */
  public Transition skip(String why, Instant now) {
    return after(Verb.SKIP)
        .moveTo(JobState.SKIPPED, now)
        .note("skipped: " + why)
        .causing(Kind.SKIPPED);
  }

  /**
   * A client wants a job that ended without success to run again, with its whole policy before it.
   * Its deadline no longer counts.
   */
  public Transition retry(Instant now) {
    return after(Verb.RETRY)
        .ready(now)
        .attempt(attempt + 1)
        .failures(0)
        .crashes(0)
        .runAt(now)
        .deadlineLifted(spec.deadline() != null)
        .spec(spec.retried())
        .causing(Kind.RETRIED, Kind.QUEUED);
  }

  /**
   * As {@link #retry(Instant)}, with what it is asked for changed: a new generation. Its attempts
   * go on being counted, so that what is under way of the generation before stays fenced off.
   *
   * @param edited of the same type and queue
   */
  public Transition retry(JobSpec edited, Instant now) {
    return retry(now).with(edited.retried(), generation + 1);
  }

  /**
   * Someone lets the line that it holds pass it. It stays FAILED, and ended when it did, but is
   * another attempt, so that a retry which was meant for the first in the line meets a job that has
   * moved on.
   */
  public Transition pass(Instant now) {
    return after(Verb.PASS)
        .attempt(attempt + 1)
        .spec(spec.passed())
        .changedAt(now)
        .causing(Kind.PASSED);
  }

  /**
   * Another submit of its unique key takes its place: the job gets that one's payload, priority and
   * time, and its whole policy before it. It is another attempt, so that whatever is under way with
   * the payload before meets a job that has moved on. One that waits for other jobs goes on so.
   *
   * @param due when it is to run; in the past = at once
   */
  public Transition replace(JobSpec by, Instant due, Instant now) {
    boolean waits = state == JobState.WAITING;
    boolean later = due.isAfter(now);
    JobState next = waits ? state : later ? JobState.SCHEDULED : JobState.QUEUED;
    JobBuilder after =
        after(Verb.REPLACE)
            .moveTo(next, now)
            .spec(spec.replacedBy(by))
            .attempt(attempt + 1)
            .failures(0)
            .crashes(spec.payload().equals(by.payload()) ? crashes : 0)
            .runAt(later ? due : now)
            .dueAt(next == JobState.SCHEDULED ? due : null)
            .note(null)
            .error(null);
    return next == JobState.QUEUED
        ? after.causing(Kind.REPLACED, Kind.QUEUED)
        : after.causing(Kind.REPLACED);
  }

  /**
   * It gets another priority or queue, and waits on for what it waited for. It is another attempt,
   * so that whatever is under way of the one before, in its old place, meets a job that has moved
   * on. The caller makes sure that nobody is about to run it.
   */
  public Transition move(Move to, Instant now) {
    JobBuilder after =
        after(Verb.MOVE).moveTo(state, now).spec(to.apply(spec)).attempt(attempt + 1).dueAt(dueAt);
    return state == JobState.QUEUED
        ? after.causing(Kind.MOVED, Kind.QUEUED)
        : after.causing(Kind.MOVED);
  }

  /** A draining worker hands the attempt back unfinished; the same attempt will run again. */
  public Transition release(Instant now) {
    return after(Verb.RELEASE).ready(now).causing(Kind.RELEASED);
  }

  /**
   * The worker of the attempt vanished: the next attempt, or FAILED when that happened too often. A
   * job that may run after a crash at all is given up only by one that it met alone in its worker.
   */
  public Transition rescue(Instant now) {
    boolean itself = runsAlone() || spec.policy().maxCrashes() == 1;
    return crashed(itself, "the worker vanished while running attempt " + attempt, now);
  }

  /** The handler of the attempt ended the process: a crash of which nothing else is the cause. */
  public Transition exit(Instant now) {
    return crashed(true, "the handler ended its process in attempt " + attempt, now);
  }

  private static String gaveUpAfter(int times, String what, String plural) {
    return "gave up after " + times + " " + what + (times == 1 ? "" : plural);
  }

  private Transition crashed(boolean itself, String why, Instant now) {
    int lost = crashes + 1;
    JobBuilder after = after(Verb.RESCUE).crashes(lost);
    if (lost >= spec.policy().maxCrashes() && itself) {
      after.giveUp(now, gaveUpAfter(lost, "crash", "es"), why);
      return after.causing(ended(Outcome.CRASHED, why, null, now), Kind.CRASHED, Kind.GAVE_UP);
    }
    return after
        .ready(now)
        .attempt(attempt + 1)
        .causing(
            ended(Outcome.CRASHED, "the worker vanished", null, now), Kind.CRASHED, Kind.QUEUED);
  }

  /** The record of this attempt; a QUEUED job still carries the start of the attempt before. */
  private AttemptRecord ended(
      Outcome outcome, @Nullable String why, @Nullable Failure failure, Instant now) {
    return new AttemptRecord(
        attempt,
        outcome,
        state == JobState.RUNNING ? startedAt : null,
        now,
        null,
        why,
        failure == null ? null : failure.errorClass(),
        failure == null ? null : failure.trace(),
        generation);
  }

  private JobBuilder after(Verb verb) {
    if (!can(verb)) {
      throw new IllegalTransitionException(id, state, verb);
    }
    return toBuilder();
  }
}
