package io.quikqueue.domain.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a verb did to a job: the job before and after it, and the events it caused, in order. The
 * events are made here and nowhere else; what the store writes beside the job, and what anybody is
 * told, is read off them. The store fences it, see {@link #fits}.
 *
 * @param worker who ran the attempt, for the record of it; null when nobody did or it is not known
 * @param spawned nodes that it adds to the workflow of the job, which must be DONE by it
 */
public record Transition(
    Job before,
    Job after,
    List<JobEvent> events,
    @Nullable String worker,
    List<SpawnedNode> spawned) {

  /** One that adds no nodes. */
  public Transition(Job before, Job after, List<JobEvent> events, @Nullable String worker) {
    this(before, after, events, worker, List.of());
  }

  public Transition {
    if (!spawned.isEmpty() && (after.state() != JobState.DONE || after.spec().node() == null)) {
      throw new IllegalArgumentException("only the success of a node adds nodes");
    }
    spawned = List.copyOf(spawned);

    if (!before.id().equals(after.id())) {
      throw new IllegalArgumentException(
          "a transition of two jobs: " + before.id() + ", " + after.id());
    }
  }

  /** The same, by this worker. */
  public Transition by(@Nullable String who) {
    return new Transition(before, after, events, who, spawned);
  }

  /** The same, which also adds these nodes to the workflow of the job. */
  public Transition spawning(List<SpawnedNode> nodes) {
    return nodes.isEmpty() ? this : new Transition(before, after, events, worker, nodes);
  }

  /** This one and the next, as one. */
  public Transition then(Function<Job, Transition> next) {
    Transition second = next.apply(after);
    List<JobEvent> both = new ArrayList<>(events.size() + second.events.size());
    both.addAll(events);
    both.addAll(second.events);
    return new Transition(before, second.after, both, worker, second.spawned);
  }

  /** The same but for that the job, which it made ready, waits for other jobs first. */
  public Transition behindOthers() {
    List<JobEvent> other =
        events.stream().filter(event -> event.kind() != JobEvent.Kind.QUEUED).toList();
    return new Transition(before, after.behindOthers(), other, worker);
  }

  /** The same but for that the job is asked for other things from then on. */
  Transition with(JobSpec spec, int generation) {
    Job edited = after.toBuilder().spec(spec).generation(generation).build();
    return new Transition(before, edited, events, worker);
  }

  /** The same but for that the job has this policy from then on. */
  public Transition withPolicy(Policy policy) {
    return policy.equals(after.spec().policy())
        ? this
        : with(after.spec().toBuilder().policy(policy).build(), after.generation());
  }

  /** Whether it changes what the job was asked for, which other transitions leave alone. */
  public boolean edits() {
    return before.spec() != after.spec() && !before.spec().equals(after.spec());
  }

  /** Whether it begins a new generation, so that what the job was asked for before is kept. */
  public boolean beginsGeneration() {
    return after.generation() != before.generation();
  }

  /** The attempt it is fenced by. */
  public AttemptId attempt() {
    return before.attemptId();
  }

  /**
   * Whether it takes effect on the job as the store has it: still at the attempt of {@code before}
   * and in its state, where QUEUED and RUNNING count as one, because a mark may be missing or early
   * and the attempt is what decides. Only what has not started expires, so that one takes a job
   * that is not RUNNING; and so does one that moves it.
   */
  public boolean fits(JobState state, int attempt) {
    boolean activeIsOne = after.state() != JobState.EXPIRED && !moved();
    return attempt == before.attempt()
        && (state == before.state() || (activeIsOne && state.active() && before.state().active()));
  }

  /** Whether it made an attempt ready, which must be announced. */
  public boolean madeReady() {
    return caused(JobEvent.Kind.QUEUED);
  }

  /** Whether it sent the job to sleep, which a signal may end. */
  public boolean suspended() {
    return caused(JobEvent.Kind.SUSPENDED);
  }

  /** Whether the job has another priority or queue by it, and waits on. */
  public boolean moved() {
    return caused(JobEvent.Kind.MOVED);
  }

  /** Whether the job is FAILED by it and was not before. */
  public boolean madeFailed() {
    return after.state() == JobState.FAILED && before.state() != JobState.FAILED;
  }

  /** Whether the job was FAILED and is not any more. */
  public boolean leftFailed() {
    return before.state() == JobState.FAILED && after.state() != JobState.FAILED;
  }

  /** Whether the job is another one from now on, for which what it did before does not count. */
  public boolean startedAnew() {
    return caused(JobEvent.Kind.REPLACED) || after.generation() != before.generation();
  }

  private boolean caused(JobEvent.Kind kind) {
    for (JobEvent event : events) {
      if (event.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  /** The same but for that the job is to be woken at once. */
  public Transition dueAtOnce() {
    return new Transition(
        before, after.toBuilder().dueAt(after.updatedAt()).build(), events, worker);
  }

  /**
   * The record of the attempt that it ended; null when it ended none, as when the job never
   * started, was released, was put off before anything was sent, or waited for its next attempt.
   */
  public @Nullable AttemptRecord ended() {
    for (JobEvent event : events) {
      AttemptRecord record = event.ended();
      if (record != null) {
        return record.by(worker);
      }
    }
    return null;
  }
}
