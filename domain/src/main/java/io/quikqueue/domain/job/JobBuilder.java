package io.quikqueue.domain.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies a job with some of its fields changed; see {@link Job} for what they mean. It decides
 * nothing about what is legal. Used once, by one thread.
 */
public final class JobBuilder {

  private JobId id;
  private JobSpec spec;
  private JobState state = JobState.QUEUED;
  private int attempt = 1;
  private int failures;
  private int crashes;
  private Instant createdAt;
  private Instant updatedAt;
  private Instant runAt;
  private @Nullable Instant dueAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private @Nullable String result;
  private @Nullable String note;
  private @Nullable String error;
  private boolean deadlineLifted;
  private int generation = 1;
  private final @Nullable Job before;

  JobBuilder(JobId id, JobSpec spec, Instant now) {
    this.before = null;
    this.id = id;
    this.spec = spec;
    this.createdAt = now;
    this.updatedAt = now;
    this.runAt = now;
  }

  JobBuilder(Job from) {
    this.before = from;
    this.id = from.id();
    this.spec = from.spec();
    this.state = from.state();
    this.attempt = from.attempt();
    this.failures = from.failures();
    this.crashes = from.crashes();
    this.createdAt = from.createdAt();
    this.updatedAt = from.updatedAt();
    this.runAt = from.runAt();
    this.dueAt = from.dueAt();
    this.startedAt = from.startedAt();
    this.finishedAt = from.finishedAt();
    this.result = from.result();
    this.note = from.note();
    this.error = from.error();
    this.deadlineLifted = from.deadlineLifted();
    this.generation = from.generation();
  }

  public JobBuilder id(JobId value) {
    this.id = value;
    return this;
  }

  public JobBuilder spec(JobSpec value) {
    this.spec = value;
    return this;
  }

  public JobBuilder state(JobState value) {
    this.state = value;
    return this;
  }

  public JobBuilder attempt(int value) {
    this.attempt = value;
    return this;
  }

  public JobBuilder failures(int value) {
    this.failures = value;
    return this;
  }

  public JobBuilder crashes(int value) {
    this.crashes = value;
    return this;
  }

  public JobBuilder createdAt(Instant value) {
    this.createdAt = value;
    return this;
  }

  public JobBuilder updatedAt(Instant value) {
    this.updatedAt = value;
    return this;
  }

  public JobBuilder runAt(Instant value) {
    this.runAt = value;
    return this;
  }

  public JobBuilder dueAt(@Nullable Instant value) {
    this.dueAt = value;
    return this;
  }

  public JobBuilder startedAt(@Nullable Instant value) {
    this.startedAt = value;
    return this;
  }

  public JobBuilder finishedAt(@Nullable Instant value) {
    this.finishedAt = value;
    return this;
  }

  public JobBuilder result(@Nullable String value) {
    this.result = value;
    return this;
  }

  public JobBuilder note(@Nullable String value) {
    this.note = value;
    return this;
  }

  public JobBuilder error(@Nullable String value) {
    this.error = value;
    return this;
  }

  public JobBuilder deadlineLifted(boolean value) {
    this.deadlineLifted = value;
    return this;
  }

  public JobBuilder generation(int value) {
    this.generation = value;
    return this;
  }

  /** In another state from now on, with neither a result nor a time to wait for. */
  JobBuilder moveTo(JobState to, Instant now) {
    state = to;
    updatedAt = now;
    dueAt = null;
    finishedAt = to.terminal() ? now : null;
    result = null;
    return this;
  }

  /** In the same state, changed now. */
  JobBuilder changedAt(Instant now) {
    updatedAt = now;
    return this;
  }

  /** QUEUED from now on. */
  JobBuilder ready(Instant now) {
    return moveTo(JobState.QUEUED, now).note(null);
  }

  /** FAILED from now on. */
  JobBuilder giveUp(Instant now, String summary, String why) {
    return moveTo(JobState.FAILED, now).note(summary).error(why);
  }

  /** From the job that this is a copy of to this one, by these events at the time of its change. */
  Transition causing(JobEvent.Kind... kinds) {
    return causing(null, kinds);
  }

  /**
   * As {@link #causing(JobEvent.Kind...)}; the first event ends an attempt, of which this is the
   * record.
   */
  Transition causing(@Nullable AttemptRecord ended, JobEvent.Kind... kinds) {
    Job from = Objects.requireNonNull(before, "a new job has no transition");
    List<JobEvent> events = new ArrayList<>(kinds.length);
    for (JobEvent.Kind kind : kinds) {
      // The attempt that ended is the one before; what becomes ready may be the next.
      int about = kind == JobEvent.Kind.QUEUED ? attempt : from.attempt();
      events.add(new JobEvent(kind, id, about, updatedAt, events.isEmpty() ? ended : null));
    }
    return new Transition(from, build(), events, null);
  }

  /**
   * @throws IllegalArgumentException when there can be no such job
   */
  public Job build() {
    return new Job(
        id,
        spec,
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
        result,
        note,
        error,
        deadlineLifted,
        generation);
  }
}
