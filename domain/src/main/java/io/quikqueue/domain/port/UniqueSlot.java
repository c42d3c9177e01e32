package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who gets a slot of which one job at most is the holder: decides it for the submissions of one
 * transaction, one after the other, and is told of the slot as it is under the transaction's lock.
 */
public final class UniqueSlot {

  private enum Outcome {
    ACCEPTED,
    REJECTED,
    EXISTING,
    REPLACED
  }

  private final @Nullable Job owner;
  private final Map<Job, Outcome> outcomes = new LinkedHashMap<>();
  private @Nullable Transition change;
  private @Nullable Job made;

  /**
   * @param owner the stored job that took the slot last; it need not hold it any more
   */
  public UniqueSlot(@Nullable Job owner) {
    this.owner = owner;
  }

  /** Whether a job holds its slot at a moment; false of one that has none. */
  public static boolean isHeldBy(@Nullable Job job, Instant now) {
    return job != null && job.holdsSlot(now);
  }

  /** Decides about the next submission. */
  public void claim(Submission submission) {
    Job wanted = submission.job();
    outcomes.put(wanted, outcome(wanted, submission.onConflict()));
  }

  private Outcome outcome(Job wanted, OnConflict onConflict) {
    if (owner != null && owner.id().equals(wanted.id())) {
      return Outcome.ACCEPTED; // stored by an earlier call whose outcome was unknown
    }
    if (made == null && !isHeldBy(owner, wanted.createdAt())) {
      made = wanted;
      return Outcome.ACCEPTED;
    }
    return switch (onConflict.kind()) {
      case REJECT -> Outcome.REJECTED;
      case RETURN_EXISTING -> Outcome.EXISTING;
      case REPLACE, DEBOUNCE -> replace(wanted, onConflict);
    };
  }

  private Outcome replace(Job wanted, OnConflict onConflict) {
    Job now = holder();
    Job holder = made == null && owner != null ? owner : now;
    JobSpec spec = holder.spec();
    if (!now.can(Verb.REPLACE)
        || !spec.type().equals(wanted.spec().type())
        || !spec.queue().equals(wanted.spec().queue())) {
      return Outcome.REJECTED;
    }
    Duration maxDelay = onConflict.maxDelay();
    if (maxDelay != null
        && made == null
        && holder.state() == JobState.QUEUED
        && !wanted.createdAt().isBefore(holder.createdAt().plus(maxDelay))) {
      return Outcome.REJECTED; // as another attempt it would go to the end of its queue, each time
    }
    Instant due = wanted.runAt();
    if (maxDelay != null && due.isAfter(holder.createdAt().plus(maxDelay))) {
      due = holder.createdAt().plus(maxDelay);
    }
    if (made != null) {
      boolean waits = made.state() == JobState.WAITING;
      JobSpec replaced = made.spec().replacedBy(wanted.spec());
      made = Job.submit(made.id(), replaced, due, waits, made.createdAt()).job();
    } else {
      change = holder.replace(wanted.spec(), due, wanted.createdAt());
    }
    return Outcome.REPLACED;
  }

  /** The job that holds the slot after all that was decided. */
  private Job holder() {
    if (change != null) {
      return change.after();
    }
    Job job = made == null ? owner : made;
    if (job == null) {
      throw new IllegalStateException("nobody claimed the slot");
    }
    return job;
  }

  /** The answers to the submissions, by the ids of their jobs. */
  public Map<JobId, SubmitResult> answers() {
    Map<JobId, SubmitResult> answers = new LinkedHashMap<>();
    outcomes.forEach(
        (wanted, outcome) ->
            answers.put(
                wanted.id(),
                switch (outcome) {
                  case ACCEPTED -> new SubmitResult.Accepted(made == null ? wanted : made);
                  case REJECTED -> new SubmitResult.SlotTaken(holder());
                  case EXISTING -> new SubmitResult.Existing(holder());
                  case REPLACED -> new SubmitResult.Replaced(holder());
                }));
    return answers;
  }

  /** The new job that takes the slot, as it is to be stored; null = none. */
  public @Nullable Job made() {
    return made;
  }

  /** What becomes of the stored job that holds the slot; null = it stays as it is. */
  public @Nullable Transition change() {
    return change;
  }
}
